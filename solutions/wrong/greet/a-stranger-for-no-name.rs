//! An empty name is replaced.
//!
//! Fails: greets-each-time
//! Says: ada should receive greeting with {"text":"Hello, "}, and received greeting {"text":"Hello, stranger"}

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            let name = payload["name"].as_str().filter(|name| !name.is_empty()).unwrap_or("stranger");
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
