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
//! # Map
//!
//! From the wire upwards.
//!
//! - [`codec`]: packets to text and back, for both protocols. No I/O.
//! - [`transport`]: messages over a WebSocket or HTTP long polling, and the change from one to the other.
//! - [`observer`]: what happened in the server, as records that a monitor, a test or a log reads.
//! - [`config`]: limits, times and policies.
//! - `wakes`, `paced`: an event to many clients goes to a few of them at a time.
//! - `outbox`: the bounded queue between everything that emits and a session.
//! - `session`: one client of Engine.IO, from the open packet to the close: its task, its heartbeat, its
//!   transport. `sessions` knows them all by id. [`engine`] lets an application speak to them directly.
//! - `http`: the requests that open and carry sessions, and who may make them. `token`: the secret that lets in.
//! - `connection`: one client of Socket.IO within its session: namespaces, and the order of events. `intake`: what it has
//!   sent and is not through with.
//! - [`payload`], [`binary`], [`socket`], [`broadcast`], [`io`]: the application's view, named as Socket.IO
//!   names things; `namespace` is the shared state behind them, and `encode` what they send. These know each
//!   other.
//! - [`guard`]: who may enter a namespace. `namespaces`: all of them, also those made on demand.
//! - `memory`: what clients hold of the server's memory. `bounded`, `incoming`: their JSON, read at little cost.
//! - `recovery`: what a client missed while it was away.
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
//! Each client has a bounded queue. When it is full, an [`OverflowPolicy`] decides: that of the emit, else of the
//! room, else of the server. With [`Config::recovery`], a client that was cut off, for whatever reason, can come back
//! as the same socket and gets what it missed; what a policy dropped is part of that only while nothing later
//! was heard.

pub mod binary;
mod bounded;
pub mod broadcast;
pub mod codec;
pub mod config;
mod connection;
mod encode;
pub mod engine;
pub mod guard;
mod http;
mod incoming;
mod intake;
pub mod io;
mod memory;
mod namespace;
mod namespaces;
pub mod observer;
mod outbox;
mod paced;
pub mod payload;
pub mod records;
mod recovery;
pub mod server;
mod session;
mod sessions;
pub mod socket;
mod token;
pub mod transport;
mod wakes;

pub use binary::Binary;
pub use broadcast::Broadcast;
pub use config::{Config, OverflowPolicy, Recovery};
pub use guard::ConnectError;
pub use http::accept_websocket;
pub use io::Io;
pub use payload::Payload;
pub use server::Server;
pub use socket::{AckError, DisconnectReason, Socket, SocketId};
pub use token::Token;
