//! `socket.to` leaves out the sender, who is to hear the update as well.
//!
//! Fails: tells-the-room
//! Says: bob should receive task-updated
//! Says: The server sent task-updated to room project:north (ann, bob), leaving out its sender bob

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
            socket.to(format!("project:{project}")).emit("task-updated", payload);
        });
    });
}

fn id(payload: &Payload, key: &str) -> Option<String> {
    payload[key].as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}
