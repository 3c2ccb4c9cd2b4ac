//! Events are relayed by a task that waits for the next frame.
//!
//! Fails: a-burst-is-warned-first
//! Says: bob should receive cursor-moved

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::Io;
use serde_json::json;
use tokio::time::Instant;

/// Events in a second that nobody has to explain.
const CALM: u32 = 5;
/// Events in a second that are relayed.
const LIMIT: u32 = 10;

/// What a client may send, all of it together.
const EVENTS: [&str; 2] = ["cursor-moved", "typing"];

/// Events are relayed to everyone else, up to a rate.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        // The handlers own the meter, so it goes with the socket.
        let meter = Arc::new(Mutex::new(Meter::new()));
        for event in EVENTS {
            let meter = Arc::clone(&meter);
            socket.on(event, move |socket, payload| {
                let count = meter.lock().unwrap().count();
                // The count passes each threshold once a second, so each is told once.
                if count == CALM + 1 {
                    socket.emit("rate-warning", json!({ "limit": LIMIT }));
                }
                if count == LIMIT + 1 {
                    socket.emit("rate-limited", json!({ "limit": LIMIT }));
                }
                if count <= LIMIT {
                    let (socket, payload) = (socket.clone(), payload.clone());
                    tokio::spawn(async move {
                        tokio::time::sleep(std::time::Duration::from_millis(16)).await;
                        socket.broadcast().emit(event, payload);
                    });
                }
            });
        }
    });
}

/// Counts events by the second.
struct Meter {
    since: Instant,
    events: u32,
}

impl Meter {
    fn new() -> Self {
        Self { since: Instant::now(), events: 0 }
    }

    /// The number in its second of an event that comes now.
    fn count(&mut self) -> u32 {
        if self.since.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        self.events += 1;
        self.events
    }
}
