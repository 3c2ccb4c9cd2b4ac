//! The update is rebuilt from the fields that the author knew of, and loses the others.
//!
//! Fails: members-hear-it
//! Says: bob should receive task-updated
//! Says: ; tags is missing.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default();
            let room = format!("project:{project_id}");
            if !socket.rooms().contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            let update = json!({ "projectId": project_id, "taskId": payload["taskId"], "title": payload["title"] });
            socket.to(room).emit("task-updated", update);
        });
    });
}
