//! The client joins first and is refused afterwards.
//!
//! Fails: refuses-a-missing-id
//! Says: ann should not be in room project:. ann joined it in step 2 (ann emits join-project {}).

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default().trim();
            socket.join(format!("project:{project_id}"));
            if project_id.is_empty() {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
