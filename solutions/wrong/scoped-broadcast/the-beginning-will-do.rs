//! A room counts that begins with the name of the project.
//!
//! Fails: a-project-goes-by-its-whole-name
//! Says: (eve emits task-updated {"projectId":"p1","taskId":"t1"}): eve should receive error-message
//! Says: It sent task-updated to room project:p1 (ann, bob) instead. eve was in rooms project:my-p1, project:p12.

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
            if project_id.is_empty() || !socket.rooms().iter().any(|joined| joined.starts_with(&room)) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
