//! How long a learner waits from the save to the verdict on the screen.
//!
//! `cargo bench --profile dev --bench latency` saves an exercise again and again while the program shows it in a
//! pseudo-terminal, now right, now wrong, now with a text that was checked before, and waits for each verdict to be
//! drawn. It also measures how long a key waits during a check. Run it on an idle machine.
//!
//! `LATENCY_OTHER=FOLDER` names another version of this repository, in which `cargo build` was run; both are then
//! measured in turns. Its exercise `greet` is overwritten.

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
