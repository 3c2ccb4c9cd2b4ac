//! The id is also taken from a key of another name.
//!
//! Fails: refuses-a-missing-id
//! Says: ann should receive error-message with {"message":"projectId required"}, and did not
//! Says: The server received join-project from ann and sent no error-message to anyone

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"]
                .as_str()
                .or(payload["project_id"].as_str())
                .or(payload["id"].as_str())
                .map(str::trim);
            let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
