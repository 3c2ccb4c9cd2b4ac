//! The handler wants `joined` acknowledged, which no client does, and until then the client is not heard.
//!
//! Fails: follows-several-projects
//! Says: Step 2
//! Says: the handler of join-project was not through after 10 s, and until then the server answers ann nothing.

use std::time::Duration;

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on_async("join-project", async |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            socket.join(format!("project:{project_id}"));
            let joined = json!({ "projectId": project_id });
            let _ = socket.emit_with_ack("joined", joined, Duration::from_secs(60)).await;
        });
    });
}
