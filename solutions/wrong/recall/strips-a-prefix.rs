//! An id that already begins like a room is not given the prefix again.
//!
//! Fails: takes-any-text-for-an-id
//! Says: ann should receive task-updated with {"projectId":"project:north","taskId":"t/1"}, and did not
//! Says: The server sent task-updated to room project:project:north (nobody is in it), and it reached 0 clients

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
            let project = project.strip_prefix("project:").unwrap_or(project);
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
    payload[key].as_str().filter(|id| !id.is_empty())
}
