//! The log of events: bounded, with a separate ring for frequent ones.

use std::collections::VecDeque;

use rooms::observer::{Event, Record};
use scenario::client::is_barrier;

use super::socket::shown;
use crate::text::{clean, truncate};

/// Lines in each ring.
pub(super) const RING: usize = 300;

/// Columns of a line's text.
const MAX_TEXT: usize = 300;

/// The subject of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The server itself.
    Server,
    /// A socket connected.
    Connect,
    /// A socket joined a room.
    Join,
    /// A socket left a room.
    Leave,
    /// A socket disconnected.
    Disconnect,
    /// An event came or went.
    Traffic,
    /// Something went wrong.
    Problem,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Milliseconds on the server's clock.
    pub at_ms: u64,
    /// What it is about.
    pub kind: Kind,
    /// The socket that it is about.
    pub socket: Option<String>,
    /// The name that the socket's client gave.
    pub name: Option<String>,
    /// What happened, in words; without the socket.
    pub text: String,
}

/// Selects the lines to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only those about this socket.
    pub socket: Option<String>,
    /// Whether to include those about single events.
    pub traffic: bool,
    /// Only those after this moment.
    pub since: Option<Mark>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { socket: None, traffic: true, since: None }
    }
}

/// A moment between two records of a monitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of the next line.
    pub(super) line: u64,
    /// The number of the next socket.
    pub(super) socket: u64,
}

impl LogLine {
    /// The line for a record; `name_of` knows the sockets. Counters make no line.
    pub(super) fn of(record: &Record, name_of: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let (kind, socket, text) = describe(&record.event)?;
        let socket = socket.map(shown);
        let name = socket.as_deref().and_then(name_of);
        let text = truncate(&clean(&text), MAX_TEXT).into_owned();
        Some(Self { at_ms: record.at_ms, kind, socket, name, text })
    }
}

fn describe(event: &Event) -> Option<(Kind, Option<&str>, String)> {
    Some(match event {
        Event::Listening { address } => (Kind::Server, None, format!("listening on {address}")),
        Event::Connect { socket, namespace, remote, .. } => {
            let from = remote.as_ref().map(|remote| format!(" from {remote}")).unwrap_or_default();
            let to = if namespace == "/" { String::new() } else { format!(" to {namespace}") };
            (Kind::Connect, Some(socket), format!("connected{to}{from}"))
        }
        Event::Refused { reason, repeated: 0, .. } => (Kind::Problem, None, format!("refused: {reason}")),
        Event::Refused { reason, repeated, .. } => {
            (Kind::Problem, None, format!("refused, with {repeated} more within a second: {reason}"))
        }
        // This is how a scenario's client checks that everything is handled; it is of no interest to a reader.
        Event::ConnectError { namespace, .. } if is_barrier(namespace) => return None,
        Event::ConnectError { namespace, message } => {
            (Kind::Problem, None, format!("connection to {namespace} refused: {message}"))
        }
        Event::Recovered { socket, events } => {
            (Kind::Connect, Some(socket), format!("recovered; events that it missed: {events}"))
        }
        Event::NotRecovered { namespace, reason } => {
            (Kind::Problem, None, format!("came back to {namespace} as a new socket: {reason}"))
        }
        Event::Join { socket, room } => (Kind::Join, Some(socket), format!("joined {room}")),
        Event::Leave { socket, room } => (Kind::Leave, Some(socket), format!("left {room}")),
        Event::Disconnect { socket, reason } => (Kind::Disconnect, Some(socket), format!("disconnected: {reason}")),
        Event::Received { socket, name, payload, handled, .. } => {
            // In front, because a payload may be longer than the line.
            let lost = if *handled { "" } else { "no handler: " };
            (Kind::Traffic, Some(socket), format!("{lost}-> {name} {payload}"))
        }
        Event::Broadcast { socket, name, rooms, except, recipients } => {
            let mut to = if rooms.is_empty() { "everyone".to_owned() } else { rooms.join(", ") };
            if !except.is_empty() {
                to += &format!(" except {}", except.join(", "));
            }
            (Kind::Traffic, socket.as_deref(), format!("{name} to {to}, {recipients} reached"))
        }
        Event::Sent { socket, name, .. } => (Kind::Traffic, Some(socket), format!("<- {name}")),
        Event::Dropped { socket, name, reason } => (Kind::Problem, Some(socket), format!("{name} dropped: {reason}")),
        Event::HandlerPanic { socket, name, message } => {
            (Kind::Problem, Some(socket), format!("the handler of {name} panicked: {message}"))
        }
        Event::Lost { records } => (
            Kind::Problem,
            None,
            format!("{records} records of sockets and rooms were lost; the monitor is right again"),
        ),
        // Programs answer every event, and clients ask for what they want.
        Event::Unasked { .. } | Event::Present { .. } | Event::Counters { .. } => return None,
    })
}

/// Two rings whose lines are numbered together.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    lifecycle: VecDeque<(u64, LogLine)>,
    frequent: VecDeque<(u64, LogLine)>,
    next: u64,
}

impl Log {
    pub(super) fn push(&mut self, line: LogLine) {
        // Lines that a client can cause with every event go into the ring where they cannot push out the rest.
        let ring = match line.kind {
            Kind::Traffic | Kind::Problem => &mut self.frequent,
            Kind::Server | Kind::Connect | Kind::Join | Kind::Leave | Kind::Disconnect => &mut self.lifecycle,
        };
        if ring.len() >= RING {
            ring.pop_front();
        }
        ring.push_back((self.next, line));
        self.next += 1;
    }

    /// The number of the line that comes next.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    pub(super) fn lines(&self, filter: &Filter) -> Vec<&LogLine> {
        let wanted = |(number, line): &&(u64, LogLine)| {
            filter.since.is_none_or(|mark| *number >= mark.line)
                && (filter.traffic || line.kind != Kind::Traffic)
                && filter.socket.as_ref().is_none_or(|socket| line.socket.as_ref() == Some(socket))
        };
        let mut lines: Vec<&(u64, LogLine)> = self.lifecycle.iter().chain(&self.frequent).filter(wanted).collect();
        lines.sort_by_key(|(number, _)| *number);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}
