//! The payload is rebuilt from the two ids, and the rest of it is lost.
//!
//! Fails: tells-the-room
//! Says: ann should receive task-updated
//! Says: title is missing.

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
            let (Some(project), Some(task)) = (id(payload, "projectId"), id(payload, "taskId")) else {
                return;
            };
            let update = json!({ "projectId": project, "taskId": task });
            socket.io().to(format!("project:{project}")).emit("task-updated", update);
        });
    });
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
