//! A room with nobody else in it is taken for a project that was not joined.
//!
//! Fails: alone-in-the-room
//! Says: ann should receive nothing here, and received error-message

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
            if socket.to(&room).fetch_sockets().is_empty() || !socket.rooms().contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
