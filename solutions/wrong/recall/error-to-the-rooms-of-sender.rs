//! The error is told to the rooms of the sender.
//!
//! Fails: refuses-a-missing-id
//! Says: ann should receive nothing here, and received error-message {"message":"projectId required"}
//! Says: The server sent it to bob alone

use rooms::{Io, Payload};
use serde_json::json;

/// Clients join a project's room and hear of its updated tasks.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project) = id(payload, "projectId") else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", &error);
                for room in socket.rooms().into_iter().filter(|room| room.starts_with("project:")) {
                    socket.to(room).emit("error-message", &error);
                }
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
    payload[key].as_str().filter(|id| !id.is_empty())
}
