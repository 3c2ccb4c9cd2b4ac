//! An update without a `taskId` is relayed, as only the first field is checked.
//!
//! Fails: ignores-an-incomplete-update
//! Says: (ann emits task-updated {"projectId":"north"}): ann should receive nothing here
//! Says: The server sent task-updated to room project:north (ann, bob)

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
            let Some(project) = id(payload, "projectId") else {
                return;
            };
            socket.io().to(format!("project:{project}")).emit("task-updated", payload);
        });
    });
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
