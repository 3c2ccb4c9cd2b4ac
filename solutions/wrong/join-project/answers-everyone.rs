//! Errors are emitted on `io`, so they go to every client instead of the sender.
//!
//! Fails: tells-only-the-sender
//! Says: ann should receive nothing here, and received error-message
//! Says: The server sent error-message to everyone who is connected.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim).unwrap_or_default();
            if project_id.is_empty() {
                socket.io().emit("error-message", json!({ "message": "projectId required" }));
                return;
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
