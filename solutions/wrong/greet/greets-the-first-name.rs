//! The name of whoever greeted first is kept outside the handler, and all are greeted by it.
//!
//! Fails: greets-each-by-their-own-name
//! Says: grace should receive greeting with {"text":"Hello, Grace Hopper"}, and received greeting {"text":"Hello, Ada"}
//! Says: The server sent it to grace alone.

use std::sync::{Arc, OnceLock};

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    let name: Arc<OnceLock<String>> = Arc::default();
    io.on_connection(move |socket| {
        let name = Arc::clone(&name);
        socket.on("greet", move |socket, payload| {
            let name = name.get_or_init(|| payload["name"].as_str().unwrap_or_default().to_owned());
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
