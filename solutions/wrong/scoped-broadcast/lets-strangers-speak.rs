//! Nobody asks whether the sender is a member.
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

        socket.on("task-updated", |socket, payload| match payload["projectId"].as_str() {
            Some(project_id) => socket.to(format!("project:{project_id}")).emit("task-updated", payload),
            None => socket.emit("error-message", json!({ "message": "join the project first" })),
        });
    });
}
