//! The seconds are those of the server, the same for all, and handlers are async.

use rooms::Io;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use tokio::time::Instant;
pub fn app(io: &Io) {
    let start = Instant::now();
    io.on_connection(move |socket| {
        let state = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
        for event in ["cursor-moved", "typing"] {
            let state = Arc::clone(&state);
            socket.on_async(event, move |socket, payload| {
                let state = Arc::clone(&state);
                async move {
                    tokio::task::yield_now().await;
                    let second = start.elapsed().as_secs();
                    if state.0.swap(second, SeqCst) != second {
                        state.1.store(0, SeqCst);
                    }
                    match state.1.fetch_add(1, SeqCst) + 1 {
                        6 => socket.emit("rate-warning", json!({"limit": 10})),
                        11 => return socket.emit("rate-limited", json!({"limit": 10})),
                        12.. => return,
                        _ => {}
                    }
                    socket.broadcast().emit(event, payload);
                }
            });
        }
    });
}
