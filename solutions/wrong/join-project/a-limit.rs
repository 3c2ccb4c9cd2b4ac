//! An id has at most 32 characters, as in another exercise.
//!
//! Fails: takes-any-text-for-an-id
//! Says: ann should receive joined with {"projectId":"the møøn and back by way of the asteroid belt"}, and did not
//! Says: The server received join-project from ann and sent no joined to anyone

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim);
            let Some(project_id) = project_id.filter(|id| !id.is_empty() && id.chars().count() <= 32) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
