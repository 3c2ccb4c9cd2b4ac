//! The rooms of the whole server are asked who is where, and a task tells the others with `except`.

use rooms::{Io, Payload, Socket};
use serde_json::json;

const TASK_UPDATED: &str = "task-updated";

pub fn app(io: &Io) {
    io.on_connection(on_connection);
}

fn on_connection(socket: Socket) {
    socket.on("join-project", |socket, payload| {
        if let Some(room) = room(payload) {
            socket.join(room);
        }
    });
    socket.on(TASK_UPDATED, |socket, payload| guarded(socket, payload, relay));
}

fn guarded(socket: &Socket, payload: &Payload, then: fn(Socket, String, Payload)) {
    let mut rooms = socket.io().rooms();
    let members = room(payload).and_then(|room| rooms.remove_entry(&room));
    match members.filter(|(_, members)| members.iter().any(|member| member.id() == socket.id())) {
        Some((room, _)) => then(socket.clone(), room, payload.clone()),
        None => socket.emit("error-message", json!({ "message": "join the project first" })),
    }
}

fn relay(socket: Socket, room: String, payload: Payload) {
    tokio::spawn(async move {
        tokio::task::yield_now().await;
        socket.io().except(socket.id().as_str()).to(room).emit(TASK_UPDATED, payload.value());
    });
}

fn room(payload: &Payload) -> Option<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Named {
        project_id: String,
    }
    payload.parse::<Named>().ok().map(|named| format!("project:{}", named.project_id))
}
