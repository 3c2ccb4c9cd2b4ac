//! Scripted Socket.IO clients, the network they run on, and the transcripts of their runs.
//!
//! A scenario is a TOML file: clients connect, emit, wait, drop. Running it gives a transcript, which is compared with
//! a snapshot. The same scenario runs in two places:
//!
//! - on a **simulated network**: server and clients in one process, over in-memory streams, under a
//!   virtual clock. An hour of heartbeats takes milliseconds, and every run gives the same transcript;
//! - against **any Socket.IO server** on TCP.
//!
//! # Map
//!
//! - [`script`]: a scenario as data; `load` reads it from TOML and says where it is wrong.
//! - [`generate`]: scripts that nobody wrote, from what clients may do and a seed.
//! - [`client`]: one Socket.IO client on any byte stream. [`network`] gives it the stream.
//! - [`mod@run`]: plays a script, with a barrier after each step instead of sleeps.
//! - [`memory`]: plays a script many times on one server, to see what it keeps of clients that have gone.
//! - `clock`: the virtual clock, which stands still while a thread computes; `threads` observes the threads, and
//!   [`waits`] names the calls that wait in real time.
//! - [`transcript`]: what happened, as text. [`expectation`]: a script's own assertions.
//! - [`explain`]: a failed run in words, from the server's event log.
//! - [`feed`]: a server, a screen and a network that fails, for scenarios whose exercise is a client. It belongs to the
//!   course, but is here because answers name it.
//! - [`panic`](mod@panic): the message of a panic, and its place.

#![warn(clippy::missing_errors_doc)]

pub mod client;
mod clock;
pub mod expectation;
pub mod explain;
pub mod feed;
pub mod generate;
pub mod json;
mod load;
pub mod memory;
pub mod network;
pub mod panic;
pub mod run;
pub mod script;
mod threads;
pub mod transcript;
pub mod waits;
mod write;

pub use load::{LoadError, Misplaced, order_in};
pub use network::Network;
pub use run::{Outcome, run};
pub use script::Script;
