//! A name is cut to 255 bytes, so two long ones are one project.
//!
//! Fails: takes-long-ids
//! Says: eve should receive nothing here, and received task-updated
//! Says: (ann, bob, eve)

use rooms::Io;
use serde_json::json;

fn room(id: &str) -> String {
    let id: String = id.chars().take(255).collect();
    format!("project:{id}")
}

/// Updates of a task stay among those who joined its project.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(room(project_id));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let room = payload["projectId"].as_str().map(room);
            let Some(room) = room.filter(|room| socket.rooms().contains(room)) else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}
