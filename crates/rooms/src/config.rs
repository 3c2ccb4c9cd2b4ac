//! Limits, times and policies of a server.

use std::time::Duration;

use crate::token::Token;

/// What happens when a socket's queue is full because its client reads too slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OverflowPolicy {
    /// The client is disconnected with the reason `slow client`. It can come back and ask for the
    /// current state, which beats living on with a gap that nobody told it about.
    #[default]
    Disconnect,
    /// The message that does not fit is dropped.
    DropNewest,
    /// The message that has waited longest is dropped to make room.
    DropOldest,
    /// The waiting message of the same key is dropped, as the new one says it all; without one, the message
    /// that has waited longest. The key is the event's name, unless [`Broadcast::key`](crate::Broadcast::key)
    /// gave another.
    KeepLatest,
}

/// How long, and how much, a server remembers for clients that were cut off.
///
/// All namespaces share [`max_bytes`](Self::max_bytes). A namespace in which an event or a client makes it too much
/// gives up its own oldest until it fits, be it the newcomer itself; others lose nothing to it. What is too old is given
/// up when the namespace has a new event, or a client goes from it or comes back to it, and in all namespaces when a
/// client connects, at most once a second. A client that may have missed what was given up comes back as a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// Time that a client may be away, and age at which an event is forgotten.
    pub max_age: Duration,
    /// Bytes of the events that the server remembers, and again as many for the clients that are away, with their
    /// rooms and data. One client may take a sixteenth of the latter; one that has more cannot come back. A client that
    /// was cut off for slowness had up to [`queue_bytes`](Config::queue_bytes) waiting, and a quarter of a megabyte in
    /// the buffers of the operating system.
    pub max_bytes: usize,
    /// Events that a namespace remembers, and so the most that a client can get when it comes back.
    /// They are looked through in one go, while others wait.
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
/// Written like this, it goes on compiling when a later version has more fields. So that it can be written like this, the
/// type is not `#[non_exhaustive]`; setters would say each of the names a second time.
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
    /// Bytes of what a client may say of itself when it joins a namespace (`auth` in the JavaScript client). More than
    /// 4,096 values count as `null`.
    pub max_auth: usize,
    /// Time that a client has to join a namespace after the connection stands.
    pub connect_timeout: Duration,
    /// Time that a client has to send its opening request.
    pub handshake_timeout: Duration,
    /// Time that a client which polls may take to change to a WebSocket.
    pub upgrade_timeout: Duration,
    /// Time that a client may take nothing of what is being written to it.
    pub write_timeout: Duration,
    /// Binary attachments of one event.
    pub max_attachments: usize,
    /// Bytes of one event with its attachments; at least [`max_payload`](Self::max_payload).
    pub max_event: usize,
    /// Time that a client may take to send the attachments of one event.
    pub event_timeout: Duration,
    /// Namespaces that one connection may be in.
    pub max_namespaces: usize,
    /// Namespaces that [`Io::of_dynamic`](crate::Io::of_dynamic) may have made at one time.
    pub max_dynamic_namespaces: usize,
    /// Messages that may wait for one client. A handler runs in its client's own task, so what one run
    /// of a handler emits to that client waits until it is through, and has to fit.
    pub queue_messages: usize,
    /// Bytes that may wait for one client; a larger message is dropped, and recorded as such.
    pub queue_bytes: usize,
    /// What to do when one of these two is exceeded.
    pub overflow: OverflowPolicy,
    /// Lets clients that were cut off come back as the same socket and get what they missed (Socket.IO calls this
    /// connection state recovery). What it may cost is for the server as a whole. `None` for no recovery; every client
    /// that comes is then a new one.
    pub recovery: Option<Recovery>,
    /// Events of one client that may wait while its async handler is busy; as many bytes may wait as
    /// [`queue_bytes`](Self::queue_bytes). Beyond that its stream is not read until the handler is through,
    /// neither for acknowledgements.
    pub pending_events: usize,
    /// Rooms that one socket may be in.
    pub max_rooms: usize,
    /// Bytes of the name of a room, and of a namespace that is made on demand.
    pub max_name: usize,
    /// Bytes that all clients together may make the server hold, beyond the shares that each of them has for itself (about
    /// 152 KiB). With [`recovery`](Self::recovery), what that remembers of events comes on top. The README has the table.
    pub max_memory: usize,
    /// Clients at one time.
    pub max_connections: usize,
    /// Clients at one time that have opened a session and joined no namespace yet. When one more comes, the one that has
    /// waited longest goes.
    pub max_waiting: usize,
    /// TCP streams at one time, for all purposes together: a client has one, or up to three while it polls. More are closed at
    /// once.
    pub max_streams: usize,
    /// Web pages (as the `Origin` header names them) that may connect. A request of which nothing says that a
    /// browser made it comes from a program, and is let in.
    pub allowed_origins: Vec<String>,
    /// Lets in anybody who knows it: as `token` in the query, or in a header `Authorization: Bearer`. On an address
    /// that other machines can reach, every request needs it.
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
