//! The first name a socket gave stays its name.
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
            if socket.data("name").is_null() {
                socket.set_data("name", name);
            }
            let known = socket.data("name");
            let name = known.as_str().unwrap_or_default();
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
