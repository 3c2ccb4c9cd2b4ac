//! An empty string is a string, and so an id.
//!
//! Fails: refuses-a-missing-id
//! Says: sent no error-message to anyone. ann joined room project:.

use rooms::{Io, Payload};
use serde_json::json;

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
    payload[key].as_str().map(str::to_owned)
}
