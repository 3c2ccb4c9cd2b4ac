//! Clients that break every rule, over real TCP. Whatever they do must change nothing for a healthy client that is
//! connected meanwhile, and leave nothing behind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/tcp.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
mod tcp;

mod ending;
mod frames;
mod handshake;
mod limits;
mod pages;
mod polling;
mod rfc6455;
mod socketio;
