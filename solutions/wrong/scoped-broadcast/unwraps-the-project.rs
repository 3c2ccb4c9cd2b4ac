//! An update without a project makes the handler panic.
//!
//! Fails: refuses-an-update-without-a-project
//! Says: your handler for `task-updated` panicked on what ann sent: a project

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
            let room = format!("project:{}", payload["projectId"].as_str().expect("a project"));
            if !socket.rooms().contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(room).emit("task-updated", payload);
        });
    });
}
