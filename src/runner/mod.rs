//! Builds and runs the learner's code, and turns what its processes do into values. Knows no terminal.
//!
//! A check is two processes, one after the other: `cargo` builds the exercise's test binary ([`compile`]), then the
//! binary runs alone in its own process group ([`run`]). [`check`] joins both into one report, [`live`] starts the
//! learner's app on a TCP port, and [`watch`] says which exercise was saved.

mod build_error;
mod cargo_output;
pub mod compile;
mod diagnostics;
#[cfg(test)]
mod fixture;
mod lines;
mod output;
mod process;
mod workshop;

pub use build_error::BuildError;
pub use diagnostics::{CompileErrors, Location};
pub use workshop::{Limits, OnProgress, Package, Progress, TextHash, Workshop};
