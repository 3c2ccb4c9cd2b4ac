//! The update goes to every client instead of the room.
//!
//! Fails: members-hear-it
//! Says: eve should receive nothing here
//! Says: The server sent task-updated to everyone who is connected, leaving out its sender ann.

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
            socket.broadcast().emit("task-updated", payload);
        });
    });
}
