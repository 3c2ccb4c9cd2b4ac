//! Stock clients with default options against our server: they begin with HTTP long polling and change to a WebSocket
//! by themselves, like all clients that do not set `transports`.
//!
//! The server and its application run in this process; each client is a separate program that prints its results as one
//! JSON document. The JavaScript programs also run against the official server with the same application
//! (`javascript/server.js`), so that the tests expect what Socket.IO does, and not what we do.
//!
//! They need Node.js, Python and OpenSSL, so they are ignored by default:
//!
//! ```text
//! crates/rooms/tests/stock/install && cargo test -p rooms --test stock -- --include-ignored
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod application;
mod both;
mod javascript;
mod official;
mod program;
mod python;
mod records;
mod rust;
mod served;
