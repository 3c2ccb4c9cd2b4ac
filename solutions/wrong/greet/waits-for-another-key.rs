//! A typed payload has `Name` where clients send `name`, and what does not fit is dropped without a word.
//!
//! Fails: greets-by-name
//! Says: ada should receive greeting
//! Says: The server received greet from ada and sent no greeting to anyone.

use rooms::Io;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Greet {
    name: String,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            let Ok(Greet { name }) = payload.parse() else { return };
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
