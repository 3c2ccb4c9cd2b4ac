//! The events are counted for the whole life of the connection.
//!
//! Fails: a-new-second-is-fresh
//! Says: Step 4
//! Says: ann should receive nothing here, and received rate-warning

use std::sync::{Arc, Mutex};

use rooms::Io;
use serde_json::json;

/// Events in a connection that nobody has to explain.
const CALM: u32 = 5;
/// Events in a connection that are relayed.
const LIMIT: u32 = 10;

/// What a client may send, all of it together.
const EVENTS: [&str; 2] = ["cursor-moved", "typing"];

/// Events are relayed to everyone else, up to a rate.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        // The handlers own the meter, so it goes with the socket.
        let meter = Arc::new(Mutex::new(Meter::begin()));
        for event in EVENTS {
            let meter = Arc::clone(&meter);
            socket.on(event, move |socket, payload| {
                let count = meter.lock().unwrap().count();
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
    events: u32,
}

impl Meter {
    fn begin() -> Self {
        Self { events: 0 }
    }

    /// The number of an event that comes now.
    fn count(&mut self) -> u32 {
        self.events += 1;
        self.events
    }
}
