//! The update has a type that denies fields of other names, so most updates are dropped.
//!
//! Fails: relays-whatever-else-it-holds
//! Says: The server received task-updated from ann and sent no task-updated to anyone. ann was in room project:p1.

use rooms::{Io, Payload};
use serde::Deserialize;
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
            let Ok(Update { project_id: project, task_id }) = payload.parse() else { return };
            if project.is_empty() || task_id.is_empty() {
                return;
            }
            socket.io().to(format!("project:{project}")).emit("task-updated", payload);
        });
    });
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Update {
    project_id: String,
    task_id: String,
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
