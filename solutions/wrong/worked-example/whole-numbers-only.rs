//! A number with a fraction is cut down to a whole one, and names another room.
//!
//! Fails: accepts-number-ids
//! Says: {"projectId":2.5,"taskId":0.5}): ann should receive task-updated
//! Says: sent no task-updated to anyone.

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
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => {
            number.as_f64().map(|number| number as i64).filter(|number| *number != 0).map(|number| number.to_string())
        }
        _ => None,
    }
}
