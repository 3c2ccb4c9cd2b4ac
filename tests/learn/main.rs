//! The workshop from outside: the built program in a pseudo-terminal, with real keys, files, clients and builds.
//!
//! All tests share one copy of the workshop and take turns with it, because each starts servers and builds.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod bugs;
#[path = "../common/mod.rs"]
mod common;
#[cfg(target_os = "linux")]
mod descriptors;
mod editor;
mod endings;
mod hostile;
mod learner;
mod log;
mod processes;
mod screen;
#[cfg(target_os = "linux")]
mod signals;
mod visitor;
mod walk;
mod watching;
mod workshop;
