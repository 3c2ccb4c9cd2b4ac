//! A number is made a text, and then names a project.
//!
//! Fails: refuses-an-update-without-a-project
//! Says: {"projectId":7,"taskId":"t1"}): ann should receive error-message
//! Says: It sent task-updated to room project:7 (ann, bob) instead.

use rooms::Io;
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let project_id = match &payload["projectId"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let room = format!("project:{project_id}");
            if !socket.rooms().contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
