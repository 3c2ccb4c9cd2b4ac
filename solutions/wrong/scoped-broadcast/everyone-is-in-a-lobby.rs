//! Each client is in a room of all clients as well.
//!
//! Fails: alone-in-the-room
//! Says: should not be in room lobby

use rooms::Io;
use serde_json::json;

/// Updates of a task stay among those who joined its project.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.join("lobby");
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let room = payload["projectId"].as_str().map(|id| format!("project:{id}"));
            let Some(room) = room.filter(|room| socket.rooms().contains(room)) else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}
