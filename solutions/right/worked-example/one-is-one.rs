//! A number is read as JavaScript has it, so that `7.0` is the id `7`, which the page leaves open.

use rooms::{Io, Payload};
use serde_json::{Value, json};

/// Clients join a project's room and hear of its updated tasks.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project) = id(payload, "projectId") else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };
            socket.join(format!("project:{project}"));
        });

        socket.on("task-updated", |socket, payload| {
            let ids = (id(payload, "projectId"), id(payload, "taskId"));
            let (Some(project), Some(_)) = ids else {
                return;
            };
            let room = format!("project:{project}");
            socket.io().to(room).emit("task-updated", payload);
        });
    });
}

/// The id under `key`: a string that is not empty, or a number
/// that is not zero. Anything else is no id.
fn id(payload: &Payload, key: &str) -> Option<String> {
    match &payload[key] {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(n) => n.as_f64().filter(|n| *n != 0.0).map(|n| n.to_string()),
        _ => None,
    }
}
