//! The project is also taken from a key of another name.
//!
//! Fails: refuses-an-update-without-a-project
//! Says: ann should receive error-message with {"message":"join the project first"}, and did not
//! Says: The server received task-updated from ann and sent no error-message to anyone

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
            let named = payload["projectId"].as_str().or(payload["project_id"].as_str()).or(payload["id"].as_str());
            let room = named.map(|id| format!("project:{id}"));
            let Some(room) = room.filter(|room| socket.rooms().contains(room)) else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}
