//! Two of the others are told, and there may be more.
//!
//! Fails: members-hear-it
//! Says: eve should receive task-updated
//! Says: The server sent it to ann alone.

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
            for member in socket.to(room).fetch_sockets().into_iter().take(2) {
                member.emit("task-updated", payload);
            }
        });
    });
}
