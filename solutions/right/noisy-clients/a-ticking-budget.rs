//! A budget for each connection, which a task of its own refills once a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let sent: Arc<AtomicU32> = Arc::default();
        let reset = Arc::clone(&sent);
        let refill = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                reset.store(0, Ordering::Relaxed);
            }
        });
        socket.on_disconnect(move |_, _| refill.abort());

        for event in ["typing", "cursor-moved"] {
            let sent = Arc::clone(&sent);
            socket.on_async(event, move |socket, payload| relay(socket, event, payload, Arc::clone(&sent)));
        }
    });
}

async fn relay(socket: Socket, event: &str, payload: Payload, sent: Arc<AtomicU32>) {
    match sent.fetch_add(1, Ordering::Relaxed) {
        0..5 | 6..10 => {}
        5 => socket.emit("rate-warning", json!({ "limit": 10 })),
        10 => return socket.emit("rate-limited", json!({ "limit": 10 })),
        _ => return,
    }
    let others = socket.io().sockets().into_iter().filter(|other| other.id() != socket.id());
    others.for_each(|other| other.emit(event, &payload));
}
