//! The members are fetched, the sender is looked for among them, and each other one is sent the update.

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });
        socket.on("task-updated", task_updated);
    });
}

fn task_updated(socket: &Socket, payload: &Payload) {
    let members = match payload["projectId"].as_str() {
        Some(project_id) => socket.io().fetch_sockets(&format!("project:{project_id}")),
        None => Vec::new(),
    };
    let (myself, others): (Vec<_>, Vec<_>) = members.iter().partition(|member| member.id() == socket.id());
    if myself.is_empty() {
        socket.emit("error-message", json!({ "message": "join the project first" }));
        return;
    }
    for other in others {
        other.emit("task-updated", payload);
    }
}
