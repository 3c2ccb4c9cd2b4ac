//! A stranger is ignored, not told.
//!
//! Fails: strangers-may-not-speak
//! Says: The server received task-updated from eve and sent no error-message to anyone.

use rooms::Io;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let room = format!("project:{}", payload["projectId"].as_str().unwrap_or_default());
            if socket.rooms().contains(&room) {
                socket.to(room).emit("task-updated", payload);
            }
        });
    });
}
