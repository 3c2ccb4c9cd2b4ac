//! Every room of the sender hears it, not only the one that the update names.
//!
//! Fails: projects-stay-apart
//! Says: cat should receive nothing here
//! Says: The server sent task-updated to room project:p1 (ann, bob, dan) and project:p2 (ann, cat, dan)

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
            let rooms = socket.rooms();
            let room = format!("project:{}", payload["projectId"].as_str().unwrap_or_default());
            if !rooms.contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            let all = rooms.iter().fold(socket.broadcast(), |to, room| to.to(room.as_str()));
            all.emit("task-updated", payload);
        });
    });
}
