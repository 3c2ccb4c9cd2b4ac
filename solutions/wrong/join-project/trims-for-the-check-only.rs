//! The id is trimmed to see whether it is blank, and used untrimmed from there on.
//!
//! Fails: trims-the-id
//! Says: and received joined {"projectId":"  apollo\t"}

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| match payload["projectId"].as_str() {
            Some(project_id) if !project_id.trim().is_empty() => {
                socket.join(format!("project:{project_id}"));
                socket.emit("joined", json!({ "projectId": project_id }));
            }
            _ => socket.emit("error-message", json!({ "message": "projectId required" })),
        });
    });
}
