//! A number is taken for an id, as in the worked example.
//!
//! Fails: refuses-other-types
//! Says: {"projectId":7}
//! Says: It sent joined {"projectId":"7"} to ann instead. ann joined room project:7.
//! Reader: error-message | joined | project:
//! Reader: and did not | never | nothing | got no | instead | should not | not expected

use rooms::{Io, Payload};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = id(payload) else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}

fn id(payload: &Payload) -> Option<String> {
    match &payload["projectId"] {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
