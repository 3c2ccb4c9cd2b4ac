//! A running server as one stream of records.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior};

use crate::io::Io;
use crate::observer::{FeedReceiver, Record};

/// Everything that a reader needs for a live picture: the records of a feed, and at regular intervals
/// the counters of every socket.
#[derive(Debug)]
pub struct Records {
    io: Io,
    feed: FeedReceiver,
    period: Interval,
}

impl Records {
    /// Follows a server through its feed, with [`Event::Counters`](crate::observer::Event::Counters) once each `period`.
    pub fn new(io: Io, feed: FeedReceiver, period: Duration) -> Self {
        let mut period = tokio::time::interval(period);
        period.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { io, feed, period }
    }

    /// The next record. There is always one to come, as this keeps the server alive. Cancel safe.
    pub async fn next(&mut self) -> Option<Record> {
        tokio::select! {
            record = self.feed.next() => record,
            _ = self.period.tick() => Some(self.io.counters_record(self.feed.log_lines_dropped())),
        }
    }
}
