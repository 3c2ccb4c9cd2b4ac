//! Limits, times and policies of a server.

use std::time::Duration;

use crate::token::Token;

/// What happens when a socket's queue is full because its client reads too slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OverflowPolicy {
    /// The client is disconnected with the reason `slow client`. It can come back and ask for the current state, which
    /// is better than going on with a gap that it does not know of.
    #[default]
    Disconnect,
    /// The message that does not fit is dropped.
    DropNewest,
    /// The message that has waited longest is dropped to make room.
    DropOldest,
    /// The waiting message with the same key is dropped, because the new one supersedes it; if there is none, the
    /// message that has waited longest. The key is the event's name, unless [`Broadcast::key`](crate::Broadcast::key)
    /// set another.
    KeepLatest,
}

/// How much a server remembers for clients that were cut off, and for how long.
///
/// All namespaces share [`max_bytes`](Self::max_bytes). A namespace whose new event or client exceeds it evicts its own
/// oldest entries until it fits, the new one included if need be; other namespaces are unaffected. Entries that are too
/// old are evicted when the namespace has a new event, when a client leaves it or comes back to it, and in all
/// namespaces when a client connects, at most once a second. A client that may have missed an evicted event comes back
/// as a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// How long a client may be away, and the age at which an event is forgotten.
    pub max_age: Duration,
    /// Bytes of the events that the server remembers, and again as many for the clients that are away, with their rooms
    /// and data. One client may take a sixteenth of the latter; one that has more cannot come back. A client that was
    /// cut off because it was slow can have missed up to [`queue_bytes`](Config::queue_bytes) in its queue, and a
    /// quarter of a megabyte in the buffers of the operating system.
    pub max_bytes: usize,
    /// Events that a namespace remembers, and so the most that a client can get when it comes back. They are searched
    /// in one go, while others wait.
    pub max_events: usize,
}

impl Default for Recovery {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(120), max_bytes: 16 * 1024 * 1024, max_events: 8 * 1024 }
    }
}

/// The settings of a server. The defaults are those of Node's Socket.IO where it has them.
///
/// ```
/// # use std::time::Duration;
/// # use rooms::Config;
/// let config = Config { ping_interval: Duration::from_secs(5), queue_messages: 100, ..Config::default() };
/// ```
///
/// Written like this, it still compiles when a later version has more fields. That is why the type is not
/// `#[non_exhaustive]`; setters would only repeat each name.
#[derive(Debug, Clone)]
pub struct Config {
    /// The path of the endpoint, with slashes at both ends.
    pub path: String,
    /// Time between two heartbeats.
    pub ping_interval: Duration,
    /// Time that a client has to answer a heartbeat.
    pub ping_timeout: Duration,
    /// The largest message, in bytes, that a client may send.
    pub max_payload: usize,
    /// The most bytes of `auth`, the data that a client sends when it joins a namespace. More than 4,096 values count
    /// as `null`.
    pub max_auth: usize,
    /// Time that a client has to join a namespace after the connection is established.
    pub connect_timeout: Duration,
    /// Time that a client has to send its opening request.
    pub handshake_timeout: Duration,
    /// Time that a polling client may take to upgrade to a WebSocket.
    pub upgrade_timeout: Duration,
    /// How long a client may read nothing of what is being written to it.
    pub write_timeout: Duration,
    /// Binary attachments of one event.
    pub max_attachments: usize,
    /// Bytes of one event with its attachments; at least [`max_payload`](Self::max_payload).
    pub max_event: usize,
    /// Time that a client may take to send the attachments of one event.
    pub event_timeout: Duration,
    /// Namespaces that one connection may be in.
    pub max_namespaces: usize,
    /// Namespaces that [`Io::of_dynamic`](crate::Io::of_dynamic) may have made at the same time.
    pub max_dynamic_namespaces: usize,
    /// Messages that may wait for one client. A handler runs in its client's own task, so everything that one run of a
    /// handler emits to that client waits until the handler has finished, and has to fit.
    pub queue_messages: usize,
    /// Bytes that may wait for one client; a larger message is dropped, and recorded as such.
    pub queue_bytes: usize,
    /// What to do when one of these two is exceeded.
    pub overflow: OverflowPolicy,
    /// Lets clients that were cut off come back as the same socket and get what they missed (Socket.IO calls this
    /// connection state recovery). Its limits are for the server as a whole. With `None` there is no recovery, and
    /// every client that connects is a new one.
    pub recovery: Option<Recovery>,
    /// Events of one client that may wait while its async handler is busy; as many bytes may wait as
    /// [`queue_bytes`](Self::queue_bytes). Beyond that its stream is not read, not even for acknowledgements, until the
    /// handler has finished.
    pub pending_events: usize,
    /// Rooms that one socket may be in.
    pub max_rooms: usize,
    /// Bytes of the name of a room, and of a namespace that is made on demand.
    pub max_name: usize,
    /// Bytes that all clients together may make the server hold, beyond each client's own share (about 152 KiB). The
    /// events that [`recovery`](Self::recovery) remembers come on top. The README has the table.
    pub max_memory: usize,
    /// Clients connected at the same time.
    pub max_connections: usize,
    /// Clients that have opened a session but joined no namespace yet. When there is one too many, the one that has
    /// waited longest is cut off.
    pub max_waiting: usize,
    /// Open TCP streams of every purpose: a client has one, or up to three while it polls. Further streams are
    /// closed at once.
    pub max_streams: usize,
    /// Web pages (as the `Origin` header names them) that may connect. A request without any sign of a browser comes
    /// from a program, and is let in.
    pub allowed_origins: Vec<String>,
    /// Admits every client that presents it, as `token` in the query or in the header `Authorization: Bearer`. On an
    /// address that other machines can reach, every request needs it.
    pub token: Option<Token>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: "/socket.io/".into(),
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            max_payload: 1_000_000,
            max_auth: 8 * 1024,
            connect_timeout: Duration::from_secs(45),
            handshake_timeout: Duration::from_secs(5),
            upgrade_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            max_attachments: 10,
            max_event: 4_000_000,
            event_timeout: Duration::from_secs(20),
            max_namespaces: 64,
            max_dynamic_namespaces: 1000,
            queue_messages: 1024,
            queue_bytes: 1024 * 1024,
            overflow: OverflowPolicy::default(),
            recovery: None,
            pending_events: 64,
            max_rooms: 1000,
            max_name: 1024,
            max_memory: 64 * 1024 * 1024,
            max_connections: 10_000,
            max_waiting: 1000,
            max_streams: 30_000,
            allowed_origins: Vec::new(),
            token: None,
        }
    }
}
