//! `joined` goes to the whole room instead of the sender.
//!
//! Fails: tells-only-the-sender
//! Says: ann should receive nothing here, and received joined
//! Says: The server sent joined to room project:apollo (ann, bob)

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty());
            let Some(project_id) = project_id else {
                socket.emit("error-message", json!({ "message": "projectId required" }));
                return;
            };
            let room = format!("project:{project_id}");
            socket.join(&room);
            socket.io().to(&room).emit("joined", json!({ "projectId": project_id }));
        });
    });
}
