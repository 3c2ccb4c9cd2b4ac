//! Typed payloads in both directions.

use rooms::Io;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Greet {
    name: String,
}

#[derive(Serialize)]
struct Greeting {
    text: String,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            if let Ok(Greet { name }) = payload.parse() {
                socket.emit("greeting", Greeting { text: format!("Hello, {name}") });
            }
        });
    });
}
