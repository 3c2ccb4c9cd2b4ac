//! The sender is told that its update is out.
//!
//! Fails: members-hear-it
//! Says: ann should receive nothing here, and received update-sent

use rooms::Io;
use serde_json::json;

/// Updates of a task stay among those who joined its project.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
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
            socket.emit("update-sent", ());
        });
    });
}
