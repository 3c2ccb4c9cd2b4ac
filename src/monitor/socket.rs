//! One socket and how busy it is.

use std::collections::{BTreeSet, VecDeque};

use rooms::observer::SocketCounters;

use crate::text::{clean, truncate};

/// Samples kept for a sparkline: a minute of them.
pub const HISTORY: usize = 60;

/// Samples that a warning looks back on.
const WINDOW: usize = 3;

/// Rooms listed for one socket.
const MAX_ROOMS: usize = 64;

/// Columns that a client's name may take.
const MAX_NAME: usize = 80;

/// Counters that lie closer together say nothing about a rate.
const SHORTEST_INTERVAL_MS: u64 = 400;

/// A client's name or room, clean and cut to length.
pub(super) fn shown(name: &str) -> String {
    truncate(&clean(name), MAX_NAME).into_owned()
}

/// The rates of a socket, in events a second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sample {
    /// Events a second from the client.
    pub received: f64,
    /// Events a second to the client.
    pub sent: f64,
    /// Events a second for the client that were dropped.
    pub dropped: f64,
}

/// A socket's counters at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    at_ms: u64,
    received: u64,
    sent: u64,
    dropped: u64,
}

impl Reading {
    pub(super) fn new(at_ms: u64, counters: &SocketCounters) -> Self {
        Self { at_ms, received: counters.received, sent: counters.sent, dropped: counters.dropped }
    }

    /// The rates from `earlier` to this reading, if they are far enough apart to tell.
    fn since(self, earlier: Self) -> Option<Sample> {
        let interval_ms = self.at_ms.checked_sub(earlier.at_ms).filter(|ms| *ms >= SHORTEST_INTERVAL_MS)?;
        let rate = |now: u64, then: u64| to_f64(now.saturating_sub(then)) * 1_000.0 / to_f64(interval_ms);
        Some(Sample {
            received: rate(self.received, earlier.received),
            sent: rate(self.sent, earlier.sent),
            dropped: rate(self.dropped, earlier.dropped),
        })
    }
}

#[allow(clippy::cast_precision_loss)] // nothing here counts beyond 2^53
fn to_f64(count: u64) -> f64 {
    count as f64
}

/// A client's connection to a namespace.
#[derive(Debug, Clone)]
pub struct Socket {
    /// The id that the server gave it.
    pub id: String,
    /// Its namespace; empty if it connected before the monitor started.
    pub namespace: String,
    /// The name that the client gave.
    pub name: Option<String>,
    /// The address that it connects from.
    pub remote: Option<String>,
    /// When it connected, on the server's clock; `None` if that was before the monitor started.
    pub connected_at_ms: Option<u64>,
    /// Why it disconnected, once it has.
    pub gone: Option<String>,
    rooms: BTreeSet<String>,
    more_rooms: usize,
    history: VecDeque<Sample>,
    latest: Reading,
    sampled: Reading,
    pub(super) gone_since_ms: Option<u64>,
    pub(super) flags: Vec<&'static str>,
}

impl Socket {
    pub(super) fn connected(id: &str, namespace: &str, name: Option<&str>, remote: Option<&str>, at_ms: u64) -> Self {
        let start = Reading { at_ms, ..Reading::default() };
        Self {
            namespace: shown(namespace),
            name: name.map(shown),
            remote: remote.map(shown),
            connected_at_ms: Some(at_ms),
            ..Self::found(shown(id), start)
        }
    }

    /// A socket that was connected before the monitor started.
    pub(super) fn found(id: String, reading: Reading) -> Self {
        Self {
            id,
            namespace: String::new(),
            name: None,
            remote: None,
            connected_at_ms: None,
            gone: None,
            rooms: BTreeSet::new(),
            more_rooms: 0,
            history: VecDeque::with_capacity(HISTORY),
            latest: reading,
            sampled: reading,
            gone_since_ms: None,
            flags: Vec::new(),
        }
    }

    /// The rooms that it is in, by name.
    pub fn rooms(&self) -> impl Iterator<Item = &str> {
        self.rooms.iter().map(String::as_str)
    }

    /// How many rooms it is in beyond those listed.
    pub fn more_rooms(&self) -> usize {
        self.more_rooms
    }

    /// The newest rates.
    pub fn rates(&self) -> Sample {
        self.history.back().copied().unwrap_or_default()
    }

    /// The samples of the last minute, oldest first.
    pub fn history(&self) -> impl DoubleEndedIterator<Item = Sample> + ExactSizeIterator {
        self.history.iter().copied()
    }

    /// The mean of the last few samples; `None` until there are two.
    pub fn recent(&self) -> Option<Sample> {
        let window = self.history.len().min(WINDOW);
        let share = 1.0 / to_f64(window as u64);
        let add = |sum: Sample, sample: &Sample| Sample {
            received: sum.received + sample.received * share,
            sent: sum.sent + sample.sent * share,
            dropped: sum.dropped + sample.dropped * share,
        };
        (window >= 2).then(|| self.history.iter().rev().take(window).fold(Sample::default(), add))
    }

    /// Events for the client that were dropped since it connected.
    pub fn dropped(&self) -> u64 {
        self.latest.dropped
    }

    /// The names of the warnings that hold for it.
    pub fn flags(&self) -> &[&'static str] {
        &self.flags
    }

    /// Adds a room; returns whether it is listed now, or was before.
    pub(super) fn join(&mut self, room: String) -> bool {
        if self.rooms.len() >= MAX_ROOMS && !self.rooms.contains(&room) {
            self.more_rooms += 1;
            return false;
        }
        self.rooms.insert(room);
        true
    }

    pub(super) fn leave(&mut self, room: &str) {
        if !self.rooms.remove(room) {
            self.more_rooms = self.more_rooms.saturating_sub(1);
        }
    }

    pub(super) fn leave_all(&mut self) -> BTreeSet<String> {
        self.more_rooms = 0;
        std::mem::take(&mut self.rooms)
    }

    pub(super) fn read(&mut self, reading: Reading) {
        self.latest = reading;
    }

    pub(super) fn sample(&mut self) {
        let Some(sample) = self.latest.since(self.sampled) else { return };
        if self.history.len() >= HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(sample);
        self.sampled = self.latest;
    }
}
