//! The name is escaped for HTML on the server.
//!
//! Fails: greets-each-time
//! Says: ada should receive greeting with {"text":"Hello,  Zoë & <Zoé> "}, and received greeting {"text":"Hello,

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&#39;");
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
