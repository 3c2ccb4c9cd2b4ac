//! The update makes its sender a member, so that the check never fails.
//!
//! Fails: strangers-may-not-speak
//! Says: It sent task-updated to room project:p1 (ann, eve) instead. eve joined room project:p1.

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
            let Some(project_id) = payload["projectId"].as_str().filter(|id| !id.is_empty()) else {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            };
            let room = format!("project:{project_id}");
            socket.join(&room);
            socket.to(room).emit("task-updated", payload);
        });
    });
}
