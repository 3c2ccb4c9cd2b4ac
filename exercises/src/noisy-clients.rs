//! Noisy clients. The page has the contract; `rtws hint noisy-clients` has help.

use rooms::Io;

/// What a client may send.
const EVENTS: [&str; 2] = ["cursor-moved", "typing"];

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        for event in EVENTS {
            socket.on(event, move |socket, payload| {
                // 1. Count this event: how many has this client sent within a second?
                //    Page: "What is counted".
                // 2. Warn the client, or tell it that it is limited, once each.
                //    Page: "Warn, then throttle".
                // 3. Relay the event only below the limit. Until now every event is relayed:
                socket.broadcast().emit(event, payload);
            });
        }
    });
}
