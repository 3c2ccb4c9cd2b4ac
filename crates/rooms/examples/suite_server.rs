//! The server that the official conformance suites of Engine.IO v4 and Socket.IO v5 are run against.
//!
//! `PORT=3000 cargo run -p rooms --example suite_server`

#![allow(clippy::print_stdout, reason = "it tells where it listens")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use rooms::{Config, Io, Payload, Server, Socket};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let io = Io::new(Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        connect_timeout: Duration::from_secs(1),
        ..Config::default()
    });
    io.on_engine_message("/engine.io/", |client, message| client.send(&message));
    io.on_connection(|socket| {
        socket.emit("auth", auth(&socket));
        socket.on("message", |socket, payload| socket.emit_arguments("message-back", payload.all()));
        socket.on("message-with-ack", |_, payload: &Payload| {
            payload.ack_arguments(payload.all());
        });
    });
    io.of("/custom").on_connection(|socket| socket.emit("auth", auth(&socket)));
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), io).await?;
    println!("listening on {}", server.address());
    server.run(std::future::pending()).await;
    Ok(())
}

/// What the client sent when it connected; an empty object if it sent nothing.
fn auth(socket: &Socket) -> serde_json::Value {
    let auth = socket.handshake_auth();
    if auth.is_null() { json!({}) } else { auth.clone() }
}
