//! The room is named by the JSON of the id, so `7` and `"7"` are two rooms.
//!
//! Fails: accepts-number-ids
//! Says: The server sent task-updated to room project:7 (ann), and it reached 1 client. bob was in room project:"7".

use rooms::{Io, Payload};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project) = id(payload, "projectId") else {
                socket.emit("error-message", json!({ "message": "projectId required" }));
                return;
            };
            socket.join(format!("project:{project}"));
        });

        socket.on("task-updated", |socket, payload| {
            let (Some(project), Some(_)) = (id(payload, "projectId"), id(payload, "taskId")) else {
                return;
            };
            socket.io().to(format!("project:{project}")).emit("task-updated", payload);
        });
    });
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    match &payload[key] {
        Value::String(text) if !text.is_empty() => Some(format!("\"{text}\"")),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
