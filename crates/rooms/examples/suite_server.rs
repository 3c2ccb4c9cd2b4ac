//! What the official Socket.IO protocol test suite expects of the server that it tests:
//!
//! ```text
//! PORT=3000 cargo run --package rooms --example suite_server
//! ```

use std::env;
use std::time::Duration;

use rooms::{Config, Io, Server, Socket};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let io = Io::new(config());
    io.on_connection(|socket| {
        send_auth(&socket);
        socket.on("message", |socket, payload| socket.emit("message-back", payload));
        socket.on("message-with-ack", |_, payload| {
            payload.ack(payload);
        });
    });
    io.of("/custom").on_connection(|socket| send_auth(&socket));
    let server = Server::bind(("127.0.0.1", port), io).await?;
    server.run(std::future::pending()).await;
    Ok(())
}

/// The times that the suite has built in.
fn config() -> Config {
    Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        connect_timeout: Duration::from_secs(1),
        ..Config::default()
    }
}

/// Shows the client what it sent when it connected; nothing is an empty object, as in Node.
fn send_auth(socket: &Socket) {
    match socket.handshake_auth() {
        Value::Null => socket.emit("auth", json!({})),
        auth => socket.emit("auth", auth),
    }
}
