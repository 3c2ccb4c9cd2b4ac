//! The handlers are registered for each connection, and once more by a helper.
//!
//! Fails: whole-path
//! Says: ann and bob received task-updated
//! Says: more than once
//! Says: The server received task-updated from ann once.
//! Reader: task-updated
//! Reader: more than once | again

use rooms::{Io, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        joins(&socket);
        updates(&socket);
    });
}

fn joins(socket: &Socket) {
    socket.on("join-project", |socket, payload| match name(&payload["projectId"]) {
        Some(project) => socket.join(format!("project:{project}")),
        None => socket.emit("error-message", json!({ "message": "projectId required" })),
    });
    updates(socket);
}

fn updates(socket: &Socket) {
    socket.on("task-updated", |socket, payload| {
        if let (Some(project), Some(_)) = (name(&payload["projectId"]), name(&payload["taskId"])) {
            socket.io().to(format!("project:{project}")).emit("task-updated", payload);
        }
    });
}

fn name(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
