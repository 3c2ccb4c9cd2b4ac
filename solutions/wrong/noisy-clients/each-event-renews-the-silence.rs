//! Each event puts off the next warning, so that a client which does not pause hears of it once.
//!
//! Fails: told-again-while-it-goes-on
//! Says: Step 6
//! Says: ann should receive rate-warning, and did not.
//! Reader: rate-warning | rate-limited
//! Reader: and did not | never | nothing | got no | instead

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use rooms::Io;
use serde_json::json;
use tokio::time::Instant;

#[derive(Default)]
struct Window {
    times: std::collections::VecDeque<Instant>,
    warned: Option<Instant>,
    limited: Option<Instant>,
}
fn due(last: &mut Option<Instant>, now: Instant) -> bool {
    let due = last.is_none_or(|at| now - at >= Duration::from_secs(1));
    *last = Some(now);
    due
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let window = Arc::new(Mutex::new(Window::default()));
        for event in ["cursor-moved", "typing"] {
            let window = Arc::clone(&window);
            socket.on(event, move |socket, payload| {
                let (warn, limit, relay) = {
                    let mut w = window.lock().unwrap();
                    let now = Instant::now();
                    while w.times.front().is_some_and(|at| now - *at >= Duration::from_secs(1)) {
                        w.times.pop_front();
                    }
                    w.times.push_back(now);
                    let count = w.times.len();
                    let warn = count > 5 && due(&mut w.warned, now);
                    let limit = count > 10 && due(&mut w.limited, now);
                    (warn, limit, count <= 10)
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
