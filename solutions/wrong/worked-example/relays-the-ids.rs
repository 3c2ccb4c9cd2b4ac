//! The payload is rebuilt from the two ids, and the rest of it is lost.
//!
//! Fails: whole-path
//! Says: ann should receive task-updated
//! Says: title is missing.

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
            let (Some(project), Some(task)) = (id(payload, "projectId"), id(payload, "taskId")) else {
                return;
            };
            let update = json!({ "projectId": project, "taskId": task });
            socket.io().to(format!("project:{project}")).emit("task-updated", update);
        });
    });
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    match &payload[key] {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
