//! socketioxide on axum with the worked example: `socketioxide [current|multi]`, the tokio runtime.
//!
//! Its best reasonable configuration: no Nagle delay, its default read buffer of 4 KB for each connection, JSON values
//! relayed without types, and broadcasts before the handler returns its future: socketioxide spawns that future as a
//! task, in which two events of one sender could overtake each other.

use std::error::Error;
use std::future::ready;
use std::pin::pin;
use std::task::{Context, Waker};

use axum::serve::ListenerExt;
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::{Data, SocketRef};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = match std::env::args().nth(1).as_deref() {
        None | Some("current") => Builder::new_current_thread().enable_all().build()?,
        Some("multi") => Builder::new_multi_thread().worker_threads(2).enable_all().build()?,
        Some(other) => return Err(format!("`{other}` is neither `current` nor `multi`").into()),
    };
    runtime.block_on(serve())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", connected);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, axum::Router::new().layer(layer)).await?;
    Ok(())
}

async fn connected(socket: SocketRef) {
    socket.on("join-project", |socket: SocketRef, Data::<Value>(payload)| ready(join(&socket, &payload)));
    socket.on("task-updated", |io: SocketIo, Data::<Value>(payload)| ready(relay(&io, &payload)));
}

fn join(socket: &SocketRef, payload: &Value) {
    let Some(project) = id(payload, "projectId") else {
        let _ = socket.emit("error-message", &json!({ "message": "projectId required" }));
        return;
    };
    socket.join(format!("project:{project}"));
}

fn relay(io: &SocketIo, payload: &Value) {
    let (Some(project), Some(_)) = (id(payload, "projectId"), id(payload, "taskId")) else { return };
    let emit = pin!(io.to(format!("project:{project}")).emit("task-updated", payload));
    // Without a remote adapter the broadcast is complete when it has been polled once.
    let _ = emit.poll(&mut Context::from_waker(Waker::noop()));
}

fn id(payload: &Value, key: &str) -> Option<String> {
    match payload.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
