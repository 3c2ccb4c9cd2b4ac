//! An id that begins like a room is not given the prefix again.
//!
//! Fails: takes-any-text-for-an-id
//! Says: ann should receive joined with {"projectId":"project:apollo"}, and received joined {"projectId":"apollo"}
//! Says: The server sent it to ann alone

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id =
                payload["projectId"].as_str().map(str::trim).map(|id| id.strip_prefix("project:").unwrap_or(id));
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
