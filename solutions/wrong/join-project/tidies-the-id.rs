//! The id is not only trimmed: it loses its capitals as well.
//!
//! Fails: trims-the-id
//! Says: with {"projectId":"Apollo  11"}, and received joined {"projectId":"apollo  11"}

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default().trim().to_lowercase();
            if project_id.is_empty() {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
