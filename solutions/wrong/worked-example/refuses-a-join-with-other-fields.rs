//! The join has a type that denies fields of other names.
//!
//! Fails: ignores-other-fields
//! Says: ann should receive nothing here, and received error-message

use rooms::{Io, Payload};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Join {
    #[serde(rename = "projectId")]
    _project_id: Value,
}

/// Clients join a project's room and hear of its updated tasks.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let project = payload.parse::<Join>().ok().and_then(|_| id(payload, "projectId"));
            let Some(project) = project else {
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
        Value::Number(n) if n.as_f64() != Some(0.0) => Some(n.to_string()),
        _ => None,
    }
}
