//! Clients that break every rule, over real TCP. Nothing that they do may affect a healthy client that is connected at
//! the same time, or leave anything behind.

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
