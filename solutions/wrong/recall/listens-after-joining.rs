//! Each join registers the handler of updates once more, so a member of two rooms sends everything twice.
//!
//! Fails: keeps-rooms-apart
//! Says: ann should receive task-updated with {"projectId":"south"} once, and received it 2 times.
//! Says: it reached 2 clients (2 times).
//! Reader: task-updated
//! Reader: more than once | 2 times | again | and did not | never | nothing | got no | instead

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| match id(payload, "projectId") {
            Some(project) => {
                socket.join(format!("project:{project}"));
                socket.on("task-updated", task_updated);
            }
            None => socket.emit("error-message", json!({ "message": "projectId required" })),
        });
    });
}

fn task_updated(socket: &Socket, payload: &Payload) {
    if let (Some(project), Some(_)) = (id(payload, "projectId"), id(payload, "taskId")) {
        socket.io().to(format!("project:{project}")).emit("task-updated", payload);
    }
}

fn id<'a>(payload: &'a Payload, key: &str) -> Option<&'a str> {
    payload[key].as_str().filter(|id| !id.is_empty())
}
