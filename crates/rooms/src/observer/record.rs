//! The records of what happened, and the interface of their observers.

use serde::{Deserialize, Serialize};

/// One thing that happened, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Milliseconds since the server started.
    pub at_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened. Sockets are named by their id.
///
/// Not `#[non_exhaustive]`: a reader that shows what happens has to decide about each event that a later version adds,
/// and a `match` without a wildcard makes the compiler ask. A reader that only passes records on can do so as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The server accepts connections.
    Listening {
        /// Where, as `host:port`.
        address: String,
    },
    /// A client joined a namespace.
    Connect {
        /// The new socket.
        socket: String,
        /// The namespace's name, with its slash.
        namespace: String,
        /// The `name` in the client's CONNECT payload, if it sent one.
        name: Option<String>,
        /// The peer's address, if the stream has one.
        remote: Option<String>,
    },
    /// A client came back as the socket that it was, in the rooms that it was in.
    Recovered {
        /// The socket's id.
        socket: String,
        /// How many events it missed, which it gets now.
        events: u64,
    },
    /// A client came back, but as a new socket.
    NotRecovered {
        /// The namespace's name, with its slash.
        namespace: String,
        /// The reason, in words.
        reason: String,
    },
    /// Requests were refused before they became a client.
    Refused {
        /// The address that the first of them came from, if the stream has one.
        remote: Option<String>,
        /// Why, for the person who has to fix it. The client's own words are cut to [`PREVIEW_CHARACTERS`](super::PREVIEW_CHARACTERS).
        reason: String,
        /// How many more were refused for the same kind of reason within a second. They have no record of their own.
        repeated: u64,
    },
    /// A client was refused.
    ConnectError {
        /// The namespace that it asked for.
        namespace: String,
        /// What it was told.
        message: String,
    },
    /// A socket joined a room.
    Join {
        /// The socket's id.
        socket: String,
        /// The room's name.
        room: String,
    },
    /// A socket left a room, by itself or because it disconnected.
    Leave {
        /// The socket's id.
        socket: String,
        /// The room's name.
        room: String,
    },
    /// A socket is gone.
    Disconnect {
        /// The socket's id.
        socket: String,
        /// Why, in Socket.IO's words.
        reason: String,
    },
    /// A client sent an event.
    Received {
        /// The socket it came from.
        socket: String,
        /// The event's name.
        name: String,
        /// Its payload as JSON, cut to [`PREVIEW_CHARACTERS`](super::PREVIEW_CHARACTERS).
        payload: String,
        /// The size of the message in bytes.
        bytes: u64,
        /// Whether the application has a handler for it.
        handled: bool,
    },
    /// An event went to several sockets at once.
    Broadcast {
        /// The socket on whose behalf, when there is one (`socket.to`, not `io.to`).
        socket: Option<String>,
        /// The event's name.
        name: String,
        /// The rooms; none means everyone.
        rooms: Vec<String>,
        /// The rooms that were left out.
        except: Vec<String>,
        /// How many sockets it went to.
        recipients: u64,
    },
    /// An event went to one socket.
    Sent {
        /// The socket's id.
        socket: String,
        /// The event's name.
        name: String,
        /// The size of the message in bytes.
        bytes: u64,
    },
    /// A message was not delivered.
    Dropped {
        /// The socket that it was meant for.
        socket: String,
        /// The event's name.
        name: String,
        /// The reason, in words.
        reason: String,
    },
    /// The application acknowledged an event for which the client had asked no answer, so nothing was sent.
    Unasked {
        /// The socket whose event it was.
        socket: String,
    },
    /// A handler panicked; its connection is closed.
    HandlerPanic {
        /// The socket whose event was being handled.
        socket: String,
        /// The event's name.
        name: String,
        /// The panic's message.
        message: String,
    },
    /// The reader was slow, and lost records of the kinds from connect to disconnect. Its picture of sockets and rooms
    /// is out of date; an [`Event::Present`] for each existing socket follows.
    Lost {
        /// How many records it lost.
        records: u64,
    },
    /// A socket exists; repeated because records were lost.
    Present {
        /// The socket's id.
        socket: String,
        /// The namespace's name, with its slash.
        namespace: String,
        /// As in [`Event::Connect`].
        name: Option<String>,
        /// All rooms that it is in.
        rooms: Vec<String>,
    },
    /// The state of every socket's counters.
    Counters {
        /// One entry for each connected socket.
        sockets: Vec<SocketCounters>,
        /// Log lines that this feed dropped since it began.
        log_lines_dropped: u64,
    },
}

/// How many messages a socket has seen since it connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketCounters {
    /// The socket's id.
    pub socket: String,
    /// Events that the client sent.
    pub received: u64,
    /// Events that were written to the client.
    pub sent: u64,
    /// Events meant for the client that were dropped.
    pub dropped: u64,
}

impl Event {
    /// Whether the record must not be lost: these tell which sockets are connected, and in which rooms.
    pub fn is_lifecycle(&self) -> bool {
        matches!(
            self,
            Event::Listening { .. }
                | Event::Connect { .. }
                | Event::Join { .. }
                | Event::Leave { .. }
                | Event::Disconnect { .. }
                | Event::HandlerPanic { .. }
                | Event::Lost { .. }
                | Event::Present { .. }
                | Event::Counters { .. }
        )
    }
}

/// Receives every record. It is called from the server's tasks, so it must return at once.
pub trait Observer: Send + Sync + 'static {
    /// Receives one record. The server may be in the middle of a change, so calling it from here would wait for ever.
    fn observe(&self, record: Record);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(room: &str) -> Record {
        Record { at_ms: 1, event: Event::Join { socket: "s".into(), room: room.into() } }
    }

    #[test]
    fn a_record_is_one_flat_json_object() {
        assert_eq!(
            serde_json::to_string(&join("project:p1")).unwrap(),
            r#"{"at_ms":1,"event":"join","socket":"s","room":"project:p1"}"#
        );
    }
}
