//! After the error the handler goes on and joins a room for the lack of an id.
//!
//! Fails: refuses-an-empty-id
//! Says: ann should not be in room project:. ann joined it in step 3 (ann emits join-project {}).

use rooms::{Io, Payload};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project = id(payload, "projectId");
            if project.is_none() {
                socket.emit("error-message", json!({ "message": "projectId required" }));
            }
            let project = project.unwrap_or_default();
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
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
