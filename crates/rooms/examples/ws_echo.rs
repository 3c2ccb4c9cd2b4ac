//! A bare WebSocket echo, through the accept path and the limits of the server, for conformance runs.
//!
//! `PORT=9001 MAX_PAYLOAD=16777216 cargo run -p rooms --example ws_echo`; both have a default.

#![allow(clippy::print_stdout, reason = "it tells where it listens")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rooms::transport::websocket::WebSocket;
use rooms::{Config, accept_websocket};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = number("PORT").and_then(|port| u16::try_from(port).ok()).unwrap_or(9001);
    let max_payload = number("MAX_PAYLOAD").unwrap_or(Config::default().max_payload);
    let config = Arc::new(Config { max_payload, ..Config::default() });
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let config = Arc::clone(&config);
        tokio::spawn(async move { serve(stream, &config).await });
    }
}

async fn serve(stream: TcpStream, config: &Config) {
    let _ = stream.set_nodelay(true);
    // A refused client has been told why.
    let Ok(mut websocket) = accept_websocket(stream, config).await else { return };
    let code = loop {
        match websocket.next().await {
            Some(Ok(message)) if websocket.send(&message).await.is_ok() => {}
            Some(Err(error)) => break WebSocket::close_code(&error),
            Some(Ok(_)) | None => break 1000,
        }
    };
    websocket.close(code, "").await;
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}
