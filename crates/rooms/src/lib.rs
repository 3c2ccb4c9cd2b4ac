//! A Socket.IO server for rooms: sockets join rooms, events are broadcast to rooms.
//!
//! It speaks Socket.IO protocol v5 over Engine.IO protocol v4, so the official JavaScript, Python and
//! Rust clients connect unmodified. An application is a closure that registers handlers:
//!
//! ```
//! use rooms::{Config, Io};
//! use serde_json::json;
//!
//! let io = Io::new(Config::default());
//! io.on_connection(|socket| {
//!     socket.on("join-project", |socket, payload| {
//!         let Some(project_id) = payload["projectId"].as_str() else {
//!             socket.emit("error-message", json!({ "message": "projectId required" }));
//!             return;
//!         };
//!         socket.join(format!("project:{project_id}"));
//!     });
//! });
//! ```
//!
//! `examples/chat.rs` and `examples/board.rs` are whole applications; `docs/why-not-socketioxide.md` says what is
//! different here.
//!
//! # Map
//!
//! From the wire upwards. Each line knows those above it and none below it.
//!
//! - `reason`, `identity`, `panic`: why something ended, ids, and the message of a panic: used by all others.
//! - `memory`: how much of the server's memory clients hold. `token`: the secret that admits a client. [`config`]:
//!   limits, times and policies.
//! - `message`: one message of a client. `frames`: messages for clients, ready-made. [`codec`]: packets to text and
//!   back, for both protocols. No I/O.
//! - [`observer`]: what happened in the server, as records that a monitor, a test or a log reads.
//! - `shared`: what all parts of a server share. `remembered`: the memory for clients that come back.
//! - `wakes`, `paced`: an event to many clients goes to a few of them at a time.
//! - `outbox`: the bounded queue between everything that emits and a session. `streams`: how many there are.
//! - [`transport`]: messages over a WebSocket or HTTP long polling, and the change from one to the other.
//! - `session`: one client of Engine.IO, from the open packet to the close: its task, its heartbeat, its transport.
//!   `sessions` knows them all by id. [`engine`] lets an application speak to them directly.
//! - `http`: the requests that open and carry sessions, and who may make them.
//! - [`binary`], `bounded`, `arguments`, `incoming`, `intake`: messages of a client, read cheaply, until they are
//!   handled. `encode`: what the client is sent. `acks`: the answers that are awaited from it.
//! - [`io`], [`socket`], [`broadcast`], [`payload`], [`guard`]: the application's view, named as Socket.IO names things.
//!   `namespace`, `namespaces`, `connection` and `recovery` are the state behind them. These nine know each other: a
//!   handler is given a socket, a socket leads to its server, and a server to all sockets.
//! - [`server`]: the TCP listener. [`Io::serve_stream`] takes any other byte stream.
//! - [`records`]: a running server as one stream of records, counters included.
//!
//! # Order
//!
//! The events of one socket are handled in the order they were sent, each to its end, in the task of
//! its connection. (Disconnect handlers run where the disconnect is caused.) Broadcasts reach every
//! member in the order in which they were made.
//!
//! # Slow clients
//!
//! Each client has a bounded queue. When it is full, an [`OverflowPolicy`] decides: that of the emit, else of the room,
//! else of the server. With [`Config::recovery`], a client that was cut off, for whatever reason, can come back as the
//! same socket and gets the events that it missed. That includes an event that a policy dropped only if the client has
//! received no later one.

#![warn(clippy::missing_errors_doc)]

mod acks;
mod arguments;
pub mod binary;
mod bounded;
pub mod broadcast;
pub mod codec;
pub mod config;
mod connection;
mod encode;
pub mod engine;
mod frames;
pub mod guard;
mod http;
mod identity;
mod incoming;
mod intake;
pub mod io;
mod memory;
mod message;
mod namespace;
mod namespaces;
pub mod observer;
mod outbox;
mod paced;
mod panic;
pub mod payload;
mod reason;
pub mod records;
mod recovery;
mod remembered;
pub mod server;
mod session;
mod sessions;
mod shared;
pub mod socket;
mod streams;
mod token;
pub mod transport;
mod wakes;

pub use binary::Binary;
pub use broadcast::Broadcast;
pub use config::{Config, OverflowPolicy, Recovery};
pub use guard::ConnectError;
pub use http::accept_websocket;
pub use identity::SocketId;
pub use io::Io;
pub use payload::Payload;
pub use reason::{AckError, DisconnectReason};
pub use server::Server;
pub use socket::Socket;
pub use token::Token;
