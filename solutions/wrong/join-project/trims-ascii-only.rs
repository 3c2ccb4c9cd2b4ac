//! Only the white space of ASCII is trimmed.
//!
//! Fails: trims-the-id
//! Says: and received joined {"projectId":" apollo"}

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim_ascii).filter(|id| !id.is_empty())
            else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
