//! Noisy clients. The page has the contract; `rtws hint noisy-clients` has help.

use std::time::Duration;

use rooms::Io;
use tokio::time::Instant;

/// The events that a client may send.
const EVENTS: [&str; 2] = ["cursor-moved", "typing"];

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        for event in EVENTS {
            socket.on(event, move |socket, payload| {
                // 1. Count this event with a `Meter`. Who has one, and where is it made?
                //    Page: "What is counted".
                // 2. Warn the client, or tell it that it is limited, once each.
                //    Page: "Warn, then throttle".
                // 3. Relay the event only up to the limit. Until now every event is relayed:
                socket.broadcast().emit(event, payload);
            });
        }
    });
}

/// Counts events by the second.
#[allow(dead_code)] // Until you make one.
struct Meter {
    since: Instant,
    events: u32,
}

#[allow(dead_code)] // Until you call these.
impl Meter {
    fn new() -> Self {
        Self { since: Instant::now(), events: 0 }
    }

    /// The number, within its second, of an event that comes now.
    fn count(&mut self) -> u32 {
        if self.since.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        self.events += 1;
        self.events
    }
}
