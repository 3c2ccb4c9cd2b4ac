//! An update that equals the one before is taken for a repetition.
//!
//! Fails: takes-any-text-for-an-id
//! Says: bob should receive task-updated with {"projectId":"north"}, and did not
//! Says: The server received task-updated from bob and sent no task-updated to anyone

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
                if socket.data("last") != *payload.value() {
                    socket.io().to(room).emit("task-updated", payload);
                }
                socket.set_data("last", payload.value().clone());
            }
        });
    });
}

fn id<'a>(payload: &'a Payload, key: &str) -> Option<&'a str> {
    payload[key].as_str().filter(|id| !id.is_empty())
}
