//! The count begins anew after a second without an event, and never without a pause.
//!
//! Fails: a-steady-pace-is-no-burst
//! Says: Step 6
//! Says: ann received rate-warning {"limit":10}, and should not.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use rooms::Io;
use serde_json::json;
use tokio::time::Instant;

struct Window {
    began: Instant,
    count: u32,
    warned: bool,
    limited: bool,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let window = Arc::new(Mutex::new(Window { began: Instant::now(), count: 0, warned: false, limited: false }));
        for event in ["cursor-moved", "typing"] {
            let window = Arc::clone(&window);
            socket.on(event, move |socket, payload| {
                let (warn, limit, relay) = {
                    let mut w = window.lock().unwrap();
                    if w.began.elapsed() >= Duration::from_secs(1) {
                        *w = Window { began: Instant::now(), count: 0, warned: false, limited: false };
                    }
                    w.began = Instant::now();
                    w.count += 1;
                    let warn = w.count > 5 && !w.warned;
                    let limit = w.count > 10 && !w.limited;
                    w.warned |= warn;
                    w.limited |= limit;
                    (warn, limit, w.count <= 10)
                };
                if warn {
                    socket.emit("rate-warning", json!({ "limit": 10 }));
                }
                if limit {
                    socket.emit("rate-limited", json!({ "limit": 10 }));
                }
                if relay {
                    socket.broadcast().emit(event, payload);
                }
            });
        }
    });
}
