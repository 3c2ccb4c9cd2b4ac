//! A sliding window: the moments of the events of the last second, and of the last words about them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::json;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Rate {
    /// Of the latest events, relayed or not; no more than are needed to know that it is too many.
    latest: VecDeque<Instant>,
    warned: Option<Instant>,
    limited: Option<Instant>,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let rate: Arc<Mutex<Rate>> = Arc::default();
        let typing = Arc::clone(&rate);
        socket.on("typing", move |socket, payload| typing.lock().unwrap().relay(socket, "typing", payload));
        socket.on("cursor-moved", move |socket, payload| rate.lock().unwrap().relay(socket, "cursor-moved", payload));
    });
}

impl Rate {
    fn relay(&mut self, socket: &Socket, event: &str, payload: &Payload) {
        let now = Instant::now();
        self.latest.retain(|moment| now - *moment < SECOND);
        self.latest.push_back(now);
        if self.latest.len() > 11 {
            self.latest.pop_front();
        }
        let count = self.latest.len();
        if count > 5 && is_news(&mut self.warned, now) {
            socket.emit("rate-warning", json!({ "limit": 10 }));
        }
        if count <= 10 {
            socket.broadcast().emit(event, payload);
        } else if is_news(&mut self.limited, now) {
            socket.emit("rate-limited", json!({ "limit": 10 }));
        }
    }
}

/// Whether it was last said a second ago or more; then it is said now.
fn is_news(said: &mut Option<Instant>, now: Instant) -> bool {
    let is_news = said.is_none_or(|moment| now - moment >= SECOND);
    if is_news {
        *said = Some(now);
    }
    is_news
}
