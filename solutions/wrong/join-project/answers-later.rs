//! The answer comes from a task that waits for a moment.
//!
//! Fails: joins-and-answers
//! Says: ann should receive joined

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim);
            let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            let joined = json!({ "projectId": project_id });
            let socket = socket.clone();
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                socket.emit("joined", joined);
            });
        });
    });
}
