//! Greet a client. The page says what is wanted; `rtws hint greet` has help.

use rooms::Io;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("greet", |_socket, _payload| {
            // 1. Remove the two underscores above: you need both now.
            // 2. Read `name` from the payload.
            // 3. Answer this client with `greeting` {"text":"Hello, <name>"}.
            //    Building that payload takes `use serde_json::json;` at the top.
        });
    });
}
