//! The engine on a small workshop: one lesson, one exercise, one scenario, and this repository's own libraries.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod contents;
mod fair;
mod fixture;
mod generation;
mod hostile;
mod live;
mod verdicts;
