//! A client that is in the room already gets no answer.
//!
//! Fails: follows-several-projects
//! Says: Step 4
//! Says: The server received join-project from ann and sent no joined to anyone.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            let room = format!("project:{project_id}");
            if socket.rooms().contains(&room) {
                return;
            }
            socket.join(room);
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
