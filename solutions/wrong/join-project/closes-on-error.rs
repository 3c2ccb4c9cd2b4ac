//! The whole connection is closed on a client that sends something unusable.
//!
//! Fails: refuses-a-missing-id
//! Says: the connection of ann was closed: server namespace disconnect.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                socket.emit("error-message", json!({ "message": "projectId required" }));
                socket.disconnect_client();
                return;
            };
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
