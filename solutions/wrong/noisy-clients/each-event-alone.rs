//! Each kind of event has a meter of its own, so a client may send twice as much.
//!
//! Fails: all-events-count-together
//! Says: Step 3 (ann emits typing {"field":"title"} 4 times): ann should receive rate-warning, and did not. The server received typing from ann and sent no rate-warning to anyone.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::Io;
use serde_json::json;
use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(1);
/// Events in a window that nobody has to explain.
const CALM: u32 = 5;
/// Events in a window that are relayed.
const LIMIT: u32 = 10;

/// What a client may send, all of it together.
const EVENTS: [&str; 2] = ["cursor-moved", "typing"];

/// Events are relayed to everyone else, up to a rate.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        for event in EVENTS {
            let meter = Arc::new(Mutex::new(Meter::begin()));
            socket.on(event, move |socket, payload| {
                let count = meter.lock().unwrap().count();
                // The count passes each threshold once a window, so each is told once.
                if count == CALM + 1 {
                    socket.emit("rate-warning", json!({ "limit": LIMIT }));
                }
                if count == LIMIT + 1 {
                    socket.emit("rate-limited", json!({ "limit": LIMIT }));
                }
                if count <= LIMIT {
                    socket.broadcast().emit(event, payload);
                }
            });
        }
    });
}

struct Meter {
    since: Instant,
    events: u32,
}

impl Meter {
    fn begin() -> Self {
        Self { since: Instant::now(), events: 0 }
    }

    /// The number in its window of an event that comes now.
    fn count(&mut self) -> u32 {
        if self.since.elapsed() >= WINDOW {
            *self = Self::begin();
        }
        self.events += 1;
        self.events
    }
}
