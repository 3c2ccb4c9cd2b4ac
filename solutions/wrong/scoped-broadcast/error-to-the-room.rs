//! The error goes to the room that the stranger tried to write to.
//!
//! Fails: strangers-may-not-speak
//! Says: The server sent error-message to room project:p1 (ann), and it reached 1 client. eve was in room project:p2.

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
            let room = format!("project:{}", payload["projectId"].as_str().unwrap_or_default());
            if !socket.rooms().contains(&room) {
                return socket.io().to(room).emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
