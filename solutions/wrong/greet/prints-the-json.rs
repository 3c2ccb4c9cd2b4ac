//! The name is formatted as JSON, so it keeps its quotes.
//!
//! Fails: greets-by-name
//! Says: and received greeting {"text":"Hello, \"Ada\""}

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            socket.emit("greeting", json!({ "text": format!("Hello, {}", payload["name"]) }));
        });
    });
}
