//! Whoever connects without a token makes the connection handler panic.
//!
//! Fails: greets-by-name
//! Says: your code in `on_connection` panicked when ada connected: a token

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let token = socket.handshake_auth()["token"].as_str().expect("a token").to_owned();
        socket.on("greet", move |socket, payload| {
            let name = payload["name"].as_str().unwrap_or(&token);
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
