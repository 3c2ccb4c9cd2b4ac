//! The answer is sent before the room is joined, by an async handler that looks something up.

use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| socket.on_async("join-project", join_project));
}

async fn join_project(socket: Socket, payload: Payload) {
    let id = match &payload["projectId"] {
        Value::String(id) => id.trim(),
        _ => "",
    };
    if id.is_empty() {
        socket.emit("error-message", json!({ "message": "projectId required" }));
        return;
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    socket.emit("joined", json!({ "projectId": id }));
    socket.join(format!("project:{id}"));
}
