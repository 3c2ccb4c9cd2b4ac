//! Whatever is not null, a list or an object is made a text.
//!
//! Fails: refuses-other-types
//! Says: (ann emits join-project {"projectId":true}): ann should receive error-message
//! Says: It sent joined {"projectId":"true"} to ann instead. ann joined room project:true.

use rooms::Io;
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project_id = match &payload["projectId"] {
                Value::String(text) => text.trim().to_owned(),
                Value::Bool(flag) => flag.to_string(),
                _ => String::new(),
            };
            if project_id.is_empty() {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
