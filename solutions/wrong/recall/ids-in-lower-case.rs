//! Ids are made lower-case, so two projects become one.
//!
//! Fails: takes-any-text-for-an-id
//! Says: bob should receive nothing here, and received task-updated {"projectId":"North","taskId":"t/1"}
//! Says: The server sent task-updated to room project:north (ann, bob), and it reached 2 clients

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
            socket.join(format!("project:{}", project.to_lowercase()));
        });

        socket.on("task-updated", |socket, payload| {
            if let (Some(project), Some(_)) = (id(payload, "projectId"), id(payload, "taskId")) {
                let room = format!("project:{}", project.to_lowercase());
                socket.io().to(room).emit("task-updated", payload);
            }
        });
    });
}

fn id<'a>(payload: &'a Payload, key: &str) -> Option<&'a str> {
    payload[key].as_str().filter(|id| !id.is_empty())
}
