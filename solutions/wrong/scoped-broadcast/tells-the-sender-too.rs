//! `io.to` where `socket.to` was meant: the sender hears its own update.
//!
//! Fails: alone-in-the-room
//! Says: ann should receive nothing here, and received task-updated
//! Says: The server sent task-updated to room project:p1 (ann), and it reached 1 client.

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
            socket.io().to(room).emit("task-updated", payload);
        });
    });
}
