//! What is no text counts as an empty one.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default().trim();
            if project_id.is_empty() {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
