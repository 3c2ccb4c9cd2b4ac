//! Lessons as their authors make them: from `rtws lesson new` on, and with each kind of mistake.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[cfg(unix)]
mod answers;
mod breakages;
mod copy;
#[cfg(unix)]
mod guide;
mod many;
mod packs;
