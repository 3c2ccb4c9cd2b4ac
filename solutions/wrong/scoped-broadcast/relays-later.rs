//! The update is relayed by a task of its own that waits a little, so what comes after it overtakes it.
//!
//! Fails: members-hear-it
//! Says: task-updated was sent later, after the last step.

use std::time::Duration;

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
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            let (socket, payload) = (socket.clone(), payload.clone());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                socket.to(room).emit("task-updated", payload);
            });
        });
    });
}
