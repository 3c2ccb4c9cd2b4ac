//! The greeting has the name once more, in a field of its own.
//!
//! Fails: greets-by-name
//! Says: name is too much

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            socket.emit("greeting", json!({ "text": format!("Hello, {name}"), "name": name }));
        });
    });
}
