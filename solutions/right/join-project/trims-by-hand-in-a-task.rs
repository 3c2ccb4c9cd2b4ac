//! The id is trimmed character by character, and each answer is sent by a task, to the room of the socket's own id.

use rooms::{Io, Socket};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let (socket, payload) = (socket.clone(), payload.clone());
            tokio::spawn(async move {
                tokio::task::yield_now().await;
                let (event, answer) = join(&socket, payload.value());
                tokio::spawn(async move { socket.io().to(socket.id().as_str()).emit(event, answer) });
            });
        });
    });
}

fn join(socket: &Socket, payload: &Value) -> (&'static str, Value) {
    let id = match payload.as_object().and_then(|fields| fields.get("projectId")) {
        Some(Value::String(text)) => trimmed(text),
        _ => String::new(),
    };
    if id.is_empty() {
        return ("error-message", json!({ "message": "projectId required" }));
    }
    let room = format!("project:{id}");
    if !socket.rooms().contains(&room) {
        socket.join(room);
    }
    ("joined", json!({ "projectId": id }))
}

fn trimmed(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    while letters.last().is_some_and(|c| c.is_whitespace()) {
        letters.pop();
    }
    letters.into_iter().skip_while(|c| c.is_whitespace()).collect()
}
