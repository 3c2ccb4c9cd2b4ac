//! Each event starts a timer that sets the count to nothing, also in the middle of a later second.
//!
//! Fails: a-second-ends-once
//! Says: Step 8
//! Says: ann should receive rate-limited, and did not.
//! Reader: rate-warning | rate-limited | cursor-moved | typing
//! Reader: and did not | never | nothing | got no | instead | should not | not expected | more than once | again

use rooms::Io;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let count = Arc::new(AtomicU32::new(0));
        for event in ["cursor-moved", "typing"] {
            let count = Arc::clone(&count);
            socket.on(event, move |socket, payload| {
                let reset = Arc::clone(&count);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    reset.store(0, Ordering::Relaxed);
                });
                let count = count.fetch_add(1, Ordering::Relaxed) + 1;
                if count == 6 {
                    socket.emit("rate-warning", json!({ "limit": 10 }));
                }
                if count == 11 {
                    socket.emit("rate-limited", json!({ "limit": 10 }));
                }
                if count <= 10 {
                    socket.broadcast().emit(event, payload);
                }
            });
        }
    });
}
