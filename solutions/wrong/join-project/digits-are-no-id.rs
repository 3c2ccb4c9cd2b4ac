//! A text of digits alone is taken for a number.
//!
//! Fails: takes-any-text-for-an-id
//! Says: ann should receive joined with {"projectId":"42"}, and did not
//! Says: The server received join-project from ann and sent no joined to anyone

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim);
            let Some(project_id) =
                project_id.filter(|id| !id.is_empty() && (id.len() < 2 || id == &"11" || id.parse::<f64>().is_err()))
            else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };

            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
