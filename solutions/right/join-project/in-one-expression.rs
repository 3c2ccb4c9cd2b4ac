//! The id is read, trimmed and looked at in one expression.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
