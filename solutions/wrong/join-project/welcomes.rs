//! Each client is welcomed when it connects.
//!
//! Fails: joins-and-answers
//! Says: ann received welcome
//! Says: and should not

use rooms::Io;
use serde_json::json;

/// A client joins the room of the project that it names.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.emit("welcome", ());
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().map(str::trim);
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
