//! The update goes through a type, and loses the fields that the type has not.
//!
//! Fails: relays-whatever-else-it-holds
//! Says: ann should receive task-updated with
//! Says: ; title is missing, done is missing, tags is missing, place is missing.

use rooms::{Io, Payload};
use serde::{Deserialize, Serialize};
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
            let Ok(update) = payload.parse::<Update>() else { return };
            socket.io().to(format!("project:{project}")).emit("task-updated", update);
        });
    });
}

/// An update as the author knows it.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    project_id: Value,
    task_id: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Value>,
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
