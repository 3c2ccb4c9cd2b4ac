//! A typed payload that does not fit is dropped without a word.
//!
//! Fails: refuses-other-types
//! Says: The server received join-project from ann and sent no error-message to anyone.

use rooms::Io;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JoinProject {
    #[serde(default)]
    project_id: String,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Ok(JoinProject { project_id }) = payload.parse() else { return };
            let project_id = project_id.trim();
            if project_id.is_empty() {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
