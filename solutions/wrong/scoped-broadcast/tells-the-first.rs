//! One member is told, the first that is found.
//!
//! Fails: members-hear-it
//! Says: The server sent it to bob alone. cat was in room project:p1.

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
            let members = socket.io().fetch_sockets(&room);
            if let Some(other) = members.iter().find(|member| member.id() != socket.id()) {
                other.emit("task-updated", payload);
            }
        });
    });
}
