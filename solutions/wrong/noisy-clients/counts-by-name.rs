//! Counts are kept by the name of the client, and outlive its connection.
//!
//! Fails: a-count-goes-with-its-client
//! Says: Step 6
//! Says: bob should receive cursor-moved, and did not.

use std::collections::HashMap;
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
    let meters: Mutex<HashMap<String, Arc<Mutex<Meter>>>> = Mutex::default();
    io.on_connection(move |socket| {
        let name = socket.handshake_auth()["user"].as_str().unwrap_or(socket.id().as_str()).to_owned();
        let mut meters = meters.lock().unwrap();
        let meter = meters.entry(name).or_insert_with(|| Arc::new(Mutex::new(Meter::begin())));
        for event in EVENTS {
            let meter = Arc::clone(meter);
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
