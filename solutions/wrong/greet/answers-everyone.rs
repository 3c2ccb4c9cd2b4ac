//! The greeting goes to every client instead of its sender.
//!
//! Fails: greets-each-by-their-own-name
//! Says: grace should receive nothing here
//! Says: The server sent greeting to everyone who is connected.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    let everyone = io.clone();
    io.on_connection(move |socket| {
        let everyone = everyone.clone();
        socket.on("greet", move |_socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            everyone.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
