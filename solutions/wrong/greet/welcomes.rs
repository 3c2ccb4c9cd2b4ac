//! Each client is welcomed when it connects, before it has said anything.
//!
//! Fails: greets-by-name
//! Says: ada received welcome
//! Says: and should not

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.emit("welcome", ());
        socket.on("greet", |socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
