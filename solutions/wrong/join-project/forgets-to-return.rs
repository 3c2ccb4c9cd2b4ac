//! After the error the handler goes on and joins the client all the same.
//!
//! Fails: refuses-a-missing-id
//! Says: ann received joined {"projectId":""}, and should not.
//! Says: Before that it sent error-message {"message":"projectId required"} to ann.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default().trim();
            if project_id.is_empty() {
                socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
