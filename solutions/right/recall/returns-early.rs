//! An update that lacks an id returns early, and ids are owned.

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
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
