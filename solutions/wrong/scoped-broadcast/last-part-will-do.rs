//! A room counts whose last part is the project.
//!
//! Fails: any-text-names-a-project
//! Says: eve should receive error-message with {"message":"join the project first"}, and did not
//! Says: The server received task-updated from eve and sent no error-message to anyone

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
            let Some(room) = room
                .filter(|room| socket.rooms().iter().any(|mine| mine.rsplit(':').next() == room.rsplit(':').next()))
            else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}
