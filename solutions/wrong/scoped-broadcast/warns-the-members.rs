//! The members are told of the stranger who wanted to speak.
//!
//! Fails: a-lost-connection-is-a-stranger
//! Says: ann should receive nothing here, and received error-message {"message":"a stranger knocked"}
//! Says: The server sent error-message to room project:p1 (ann), leaving out its sender bob, and it reached 1 client

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
            let Some(room) = room.clone().filter(|room| socket.rooms().contains(room)) else {
                if let Some(room) = room {
                    socket.to(room).emit("error-message", json!({ "message": "a stranger knocked" }));
                }
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}
