//! A running server as one stream of records.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior};

use crate::io::Io;
use crate::observer::{Event, FeedReceiver, Record};
use crate::socket::Socket;

/// Everything that a reader needs for a live picture: the records of a feed, and at regular intervals the counters of
/// every socket. A reader that was too slow, so that records were lost, is told the current state.
#[derive(Debug)]
pub struct Records {
    io: Io,
    feed: FeedReceiver,
    period: Interval,
    /// Sockets whose state is still to be reported after a loss.
    untold: std::vec::IntoIter<Socket>,
}

impl Records {
    /// Follows a server through its feed, with [`Event::Counters`] once each `period`.
    pub fn new(io: Io, feed: FeedReceiver, period: Duration) -> Self {
        let mut period = tokio::time::interval(period);
        period.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { io, feed, period, untold: Vec::new().into_iter() }
    }

    /// The next record. There is always another one, because this keeps the server alive. Cancel safe.
    pub async fn next(&mut self) -> Option<Record> {
        if let Some(event) = self.tell() {
            return Some(self.io.stamp(event));
        }
        let record = tokio::select! {
            record = self.feed.next() => record?,
            _ = self.period.tick() => return Some(self.io.counters_record(self.feed.log_lines_dropped())),
        };
        if let Event::Lost { .. } = record.event {
            // One at a time: all of them together could take as much memory as the server itself.
            self.untold = self.io.all_sockets().into_iter();
            return Some(self.io.stamp(record.event));
        }
        Some(record)
    }

    /// The state of the next socket, after a loss. Later changes are in the feed already, so some of them are reported
    /// twice.
    fn tell(&mut self) -> Option<Event> {
        self.untold.find(Socket::is_connected).map(|socket| Event::Present {
            socket: socket.id().to_string(),
            namespace: socket.io().namespace().name().to_owned(),
            name: socket.name(),
            rooms: socket.rooms(),
        })
    }
}
