//! What is too long for the name of a room is no id, which the page leaves open.

use rooms::{Io, Payload};
use serde_json::json;

/// Clients join a project's room and hear of its updated tasks.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project) = id(payload, "projectId") else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };
            socket.join(format!("project:{project}"));
        });

        socket.on("task-updated", |socket, payload| {
            if let (Some(project), Some(_)) = (id(payload, "projectId"), id(payload, "taskId")) {
                let room = format!("project:{project}");
                socket.io().to(room).emit("task-updated", payload);
            }
        });
    });
}

fn id<'a>(payload: &'a Payload, key: &str) -> Option<&'a str> {
    payload[key].as_str().filter(|id| !id.is_empty() && id.len() <= 1000)
}
