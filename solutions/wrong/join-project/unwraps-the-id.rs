//! A missing id is unwrapped, so the handler panics.
//!
//! Fails: refuses-a-missing-id
//! Says: Step 2 (ann emits join-project {}): your handler for `join-project` panicked on what ann sent
//! Says: a `None` value

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap().trim();
            if project_id.is_empty() {
                socket.emit("error-message", json!({ "message": "projectId required" }));
                return;
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
