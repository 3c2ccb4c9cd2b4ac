//! A task for each client counts, and a timer ends its second.

use rooms::{Io, Payload, Socket};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let (tx, rx) = mpsc::unbounded_channel();
        tokio::spawn(actor(socket.clone(), rx));
        for event in ["cursor-moved", "typing"] {
            let tx = tx.clone();
            socket.on(event, move |_, p| drop(tx.send((event, p.clone()))));
        }
    });
}
async fn actor(socket: Socket, mut rx: mpsc::UnboundedReceiver<(&'static str, Payload)>) {
    let mut count = 0;
    let mut end: Option<Instant> = None;
    loop {
        tokio::select! {
            biased;
            () = async { match end { Some(e) => sleep_until(e).await, None => std::future::pending().await } } => { count = 0; end = None; }
            got = rx.recv() => {
                let Some((event, payload)) = got else { return };
                end.get_or_insert_with(|| Instant::now() + Duration::from_secs(1));
                count += 1;
                if count <= 10 { socket.broadcast().emit(event, payload); }
                if count == 6 { socket.emit("rate-warning", json!({"limit": 10})); }
                if count == 11 { socket.emit("rate-limited", json!({"limit": 10})); }
            }
        }
    }
}
