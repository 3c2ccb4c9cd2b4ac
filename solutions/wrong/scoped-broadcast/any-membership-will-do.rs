//! The sender has to be in some room, not in that of the update.
//!
//! Fails: strangers-may-not-speak
//! Says: eve should receive error-message
//! Says: It sent task-updated to room project:p1 (ann) instead.

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
            let Some(project_id) = payload["projectId"].as_str().filter(|_| !socket.rooms().is_empty()) else {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            };
            socket.to(format!("project:{project_id}")).emit("task-updated", payload);
        });
    });
}
