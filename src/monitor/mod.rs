//! The live pane's model: the state of a server's sockets, derived from its records.
//!
//! Records go in with [`Monitor::apply`], time passes with [`Monitor::tick`], views read the rest. There is no terminal,
//! no clock and no network here.
//!
//! - **Rates come from counters**, never from counting log lines, which a server may drop. A rate is a difference between
//!   two `Counters` records divided by the time between them, on the server's clock.
//! - **Two clocks, never mixed.** Records carry the server's; [`Monitor::tick`] takes the caller's, in milliseconds from
//!   any start, and decides with it when to take a sample and how long a disconnected socket lingers.
//! - **Everything is bounded**, whatever the clients do, and [`Monitor::notices`] tells what does not fit. Lifecycle
//!   and traffic have a log each, so that a noisy client cannot push the joins out of sight.
//! - **Text is clean.** Names, rooms and log lines have gone through [`clean`](crate::text::clean) and been cut to length.
//!
//! To freeze the pane, draw a [`Monitor::snapshot`] while the live one goes on.

mod log;
mod roster;
mod socket;
mod warning;

use rooms::observer::{Event, Record, SocketCounters};

pub use log::{Filter, Kind, LogLine, Mark};
pub use socket::{HISTORY, Sample, Socket};
pub use warning::{NoisyClient, Peers, SlowClient, Warning};

use self::log::Log;
use self::roster::Roster;
use self::socket::{Reading, shown};
use self::warning::Watch;

/// How often a sample is taken.
const SAMPLE_MS: u64 = 1_000;

/// How long the loss of log lines stays news.
const LOST_LINES_MS: u64 = 60_000;

/// The state of a server, as far as its records tell it.
#[derive(Debug, Clone, Default)]
pub struct Monitor {
    roster: Roster,
    log: Log,
    watch: Watch,
    lost_lines: LostLines,
    last_sample_ms: Option<u64>,
}

/// Log lines that the server dropped.
#[derive(Debug, Clone, Copy, Default)]
struct LostLines {
    total: u64,
    /// How many of them are no longer news.
    old: u64,
    /// How many there were at the last tick, and when their number last changed.
    seen: u64,
    changed_ms: u64,
}

impl LostLines {
    fn news(self) -> u64 {
        self.total.saturating_sub(self.old)
    }

    fn tick(&mut self, now_ms: u64) {
        if self.total != self.seen {
            (self.seen, self.changed_ms) = (self.total, now_ms);
        } else if now_ms.saturating_sub(self.changed_ms) >= LOST_LINES_MS {
            self.old = self.total;
        }
    }
}

impl Monitor {
    /// A monitor with these warnings. [`Monitor::default`] warns of noisy and slow clients.
    pub fn with_warnings(warnings: Vec<std::sync::Arc<dyn Warning>>) -> Self {
        Self { watch: Watch::new(warnings), ..Self::default() }
    }

    /// Applies a record.
    pub fn apply(&mut self, record: &Record) {
        match &record.event {
            Event::Listening { .. } => self.roster.server_started(),
            Event::Connect { socket, namespace, name, remote } => {
                self.roster.connect(Socket::connected(
                    socket,
                    namespace,
                    name.as_deref(),
                    remote.as_deref(),
                    record.at_ms,
                ));
            }
            Event::Lost { .. } => self.roster.lost_track(),
            // This is not news, so it makes no line.
            Event::Present { socket, namespace, name, rooms } => {
                self.roster.connect(Socket::connected(socket, namespace, name.as_deref(), None, record.at_ms));
                return rooms.iter().for_each(|room| self.roster.join(&shown(socket), shown(room)));
            }
            Event::Join { socket, room } => self.roster.join(&shown(socket), shown(room)),
            Event::Leave { socket, room } => self.roster.leave(&shown(socket), &shown(room)),
            Event::Disconnect { socket, reason } => {
                // First the line, which names the socket; then the roster, which may forget it.
                self.log_record(record);
                return self.roster.disconnect(&shown(socket), shown(reason));
            }
            Event::Counters { sockets, log_lines_dropped } => {
                self.lost_lines.total = *log_lines_dropped;
                return self.read_counters(record.at_ms, sockets);
            }
            Event::Refused { .. }
            | Event::ConnectError { .. }
            | Event::Recovered { .. }
            | Event::NotRecovered { .. }
            | Event::Received { .. }
            | Event::Broadcast { .. }
            | Event::Sent { .. }
            | Event::Dropped { .. }
            | Event::Unasked { .. }
            | Event::HandlerPanic { .. } => {}
        }
        self.log_record(record);
    }

    /// Lets time pass: takes a sample when one is due, checks the warnings, and forgets sockets that are long gone.
    ///
    /// Call it as often as you like. `now_ms` is the caller's clock and never goes back.
    pub fn tick(&mut self, now_ms: u64) {
        self.roster.forget_gone(now_ms);
        self.lost_lines.tick(now_ms);
        let due = self.last_sample_ms.is_none_or(|last| now_ms.saturating_sub(last) >= SAMPLE_MS);
        if due {
            self.last_sample_ms = Some(now_ms);
            self.roster.sample();
            self.watch.check(&mut self.roster);
        }
    }

    /// Keeps disconnected sockets for as long as there is room for them, or forgets them after a few seconds, as usual.
    pub fn keep_gone(&mut self, keep: bool) {
        self.roster.keep_gone(keep);
    }

    /// The state as it is now, to draw while this one goes on.
    pub fn snapshot(&self) -> Self {
        self.clone()
    }

    /// The sockets in the order in which they connected, including those that have just gone.
    pub fn sockets(&self) -> impl DoubleEndedIterator<Item = &Socket> {
        self.roster.sockets()
    }

    /// This moment, to find again what came after it.
    pub fn mark(&self) -> Mark {
        Mark { line: self.log.next(), socket: self.roster.next() }
    }

    /// The sockets that connected since then.
    pub fn sockets_since(&self, mark: Mark) -> impl Iterator<Item = &Socket> {
        self.roster.sockets_from(mark.socket)
    }

    /// The socket with this id.
    pub fn socket(&self, id: &str) -> Option<&Socket> {
        self.roster.socket(&shown(id))
    }

    /// How many sockets are connected, including those that are too many to show.
    pub fn connected(&self) -> usize {
        self.roster.connected()
    }

    /// The rooms by name, each with its members in the order in which they connected.
    pub fn rooms(&self) -> impl Iterator<Item = (&str, Vec<&Socket>)> {
        self.roster.rooms()
    }

    /// The log lines that pass the filter, oldest first.
    pub fn log(&self, filter: &Filter) -> Vec<&LogLine> {
        self.log.lines(filter)
    }

    /// The current warnings, a line for each socket and warning.
    pub fn warnings(&self) -> Vec<(&Socket, String)> {
        self.watch.lines(&self.roster)
    }

    /// The warnings of this monitor, each with its name and an explanation, for a help screen.
    pub fn warning_kinds(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.watch.kinds()
    }

    /// What the pane does not show, as lines for the screen.
    pub fn notices(&self) -> Vec<String> {
        let lines = (
            self.lost_lines.news(),
            "log line dropped, rates are still right",
            "log lines dropped, rates are still right",
        );
        let sockets = (self.roster.untracked(), "more socket is connected", "more sockets are connected");
        [lines, sockets]
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
            .collect()
    }

    fn read_counters(&mut self, at_ms: u64, counters: &[SocketCounters]) {
        for counter in counters {
            self.roster.read(&shown(&counter.socket), Reading::new(at_ms, counter));
        }
        self.roster.count_untracked(counters.len());
    }

    fn log_record(&mut self, record: &Record) {
        let name = |id: &str| self.roster.socket(id).and_then(|socket| socket.name.clone());
        if let Some(line) = LogLine::of(record, name) {
            self.log.push(line);
        }
    }
}

#[cfg(test)]
mod tests;
