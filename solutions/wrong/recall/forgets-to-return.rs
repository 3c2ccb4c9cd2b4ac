//! After the error the handler goes on and joins a room for the lack of an id.
//!
//! Fails: refuses-a-missing-id
//! Says: ann should not be in room project:. ann joined it in step 3 (ann emits join-project {}).

use rooms::{Io, Payload};
use serde_json::json;

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
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
