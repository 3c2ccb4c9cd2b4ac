//! A client is greeted once, as if it could not say another name.
//!
//! Fails: greets-each-time
//! Says: ada should receive greeting with {"text":"Hello,  Zoë & <Zoé> "}, and did not
//! Says: The server received greet from ada and sent no greeting to anyone

use rooms::Io;
use serde_json::json;

/// Each client that greets is greeted by its name.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |socket, payload| {
            if socket.data("greeted") == true {
                return;
            }
            socket.set_data("greeted", true);
            let name = payload["name"].as_str().unwrap_or_default();
            socket.emit("greeting", json!({ "text": format!("Hello, {name}") }));
        });
    });
}
