//! A typed payload that keeps the fields it does not know, an async handler, and `except` for the sender.

use rooms::{Io, Payload, Socket};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    project_id: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });
        socket.on_async("task-updated", task_updated);
    });
}

async fn task_updated(socket: Socket, payload: Payload) {
    let update: Option<Update> = payload.parse().ok();
    let room = update.as_ref().map(|update| format!("project:{}", update.project_id));
    match room.filter(|room| socket.rooms().contains(room)) {
        Some(room) => socket.io().to(room).except(socket.id().as_str()).emit("task-updated", update),
        None => socket.emit("error-message", json!({ "message": "join the project first" })),
    }
}
