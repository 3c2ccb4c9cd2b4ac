//! The greeting comes from a task that waits for a moment.
//!
//! Fails: greets-by-name
//! Says: ada should receive greeting

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            let greeting = json!({ "text": format!("Hello, {name}") });
            let socket = socket.clone();
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                socket.emit("greeting", greeting);
            });
        });
    });
}
