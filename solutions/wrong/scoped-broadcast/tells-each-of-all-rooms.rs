//! A member is told once for each project that it shares with the sender.
//!
//! Fails: any-text-names-a-project
//! Says: once, and received it 2 times
//! Says: The server sent it to ann alone (2 times)

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
            for member in socket.io().fetch_sockets(&room) {
                for mine in member.rooms().iter().filter(|mine| socket.rooms().contains(mine)) {
                    if member.id() != socket.id() && mine.starts_with("project:") {
                        member.emit("task-updated", payload);
                    }
                }
            }
        });
    });
}
