//! The server does not start without a variable that only the author's machine has.
//!
//! Fails: greets-by-name
//! Says: your `app` panicked: GREETING is set

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    let greeting = std::env::var("RTWS_VARIANT_GREETING").expect("GREETING is set");
    io.on_connection(move |socket| {
        let greeting = greeting.clone();
        socket.on("greet", move |socket, payload| {
            let name = payload["name"].as_str().unwrap_or_default();
            socket.emit("greeting", json!({ "text": format!("{greeting}, {name}") }));
        });
    });
}
