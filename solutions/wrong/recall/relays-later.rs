//! The update is relayed by a task that waits for a moment.
//!
//! Fails: tells-the-room
//! Says: ann should receive task-updated

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
                let (socket, payload) = (socket.clone(), payload.clone());
                tokio::spawn(async move {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    socket.io().to(room).emit("task-updated", payload);
                });
            }
        });
    });
}

fn id<'a>(payload: &'a Payload, key: &str) -> Option<&'a str> {
    payload[key].as_str().filter(|id| !id.is_empty())
}
