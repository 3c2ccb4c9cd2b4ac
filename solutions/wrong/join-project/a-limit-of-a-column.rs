//! An id has at most 255 bytes, as a column of a database.
//!
//! Fails: takes-long-ids
//! Says: ann should receive joined

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim);
            let Some(project_id) = project_id.filter(|id| !id.is_empty() && id.len() <= 255) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
