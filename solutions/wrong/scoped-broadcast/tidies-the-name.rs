//! The name is trimmed and made lower-case before it is compared.
//!
//! Fails: a-project-goes-by-its-whole-name
//! Says: (ann emits task-updated {"projectId":"P1","taskId":"t1"}): ann should receive error-message
//! Says: It sent task-updated to room project:p1 (ann, bob) instead.

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
            let project_id = payload["projectId"].as_str().unwrap_or_default().trim().to_lowercase();
            let room = format!("project:{project_id}");
            if !socket.rooms().contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
