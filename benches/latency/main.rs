//! How long a learner waits from the save to the verdict on the screen.
//!
//! `cargo bench --profile dev --bench latency` saves an exercise twenty times while the program shows it in a
//! pseudo-terminal, now right and now wrong, and waits for each verdict to be drawn. What the build alone takes is
//! measured beside it, with the same command and the same changes, and how long a key waits while a check goes on. Run it
//! on an idle machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and may fail"
)]
#![allow(dead_code, reason = "the tests use the rest of these modules")]

#[cfg(unix)]
#[path = "../../tests/common/mod.rs"]
mod common;
#[cfg(unix)]
#[path = "../../tests/learn/learner.rs"]
mod learner;
#[cfg(unix)]
mod measure;
#[cfg(unix)]
#[path = "../../tests/learn/workshop.rs"]
mod workshop;

/// It needs a pseudo-terminal.
fn main() {
    #[cfg(unix)]
    measure::run();
}
