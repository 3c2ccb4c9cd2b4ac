//! After the error the handler goes on and relays all the same.
//!
//! Fails: strangers-may-not-speak
//! Says: ann should receive nothing here, and received task-updated
//! Says: Before that it sent error-message {"message":"join the project first"} to eve.

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
            let room = format!("project:{}", payload["projectId"].as_str().unwrap_or_default());
            if !socket.rooms().contains(&room) {
                socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
