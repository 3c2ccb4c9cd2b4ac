//! The rooms are read when the client connects, and it is in none then.
//!
//! Fails: alone-in-the-room
//! Says: ann should receive nothing here, and received error-message
//! Says: The server sent it to ann alone. ann was in room project:p1.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        let rooms = socket.rooms();
        socket.on("task-updated", move |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default();
            let room = format!("project:{project_id}");
            if !rooms.contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
