//! Whoever is greeted is in a room of all who were.
//!
//! Fails: greets-by-name
//! Says: ada should not be in room greeted

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            socket.join("greeted");
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
