//! An async handler, and the socket addressed as the room that its id is.

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| socket.on_async("greet", greet));
}

async fn greet(socket: Socket, payload: Payload) {
    let text = String::from("Hello, ") + payload["name"].as_str().unwrap_or_default();
    socket.io().to(socket.id().as_str()).emit("greeting", json!({ "text": text }));
}
