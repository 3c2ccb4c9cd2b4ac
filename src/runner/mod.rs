//! Builds and runs the learner's code, and turns what its processes do into values. Knows no terminal.
//!
//! A check is two processes, one after the other: `cargo` builds the exercise's test binary ([`compile`]), then the
//! binary runs alone in its own process group ([`run`]). [`mod@check`] joins both into one report, [`mod@live`] starts the
//! learner's app on a TCP port, and [`watch`] says which exercise was saved.

mod build_error;
mod capacity;
mod cargo_output;
pub mod check;
pub mod compile;
mod diagnostics;
#[cfg(test)]
pub(crate) mod fixture;
mod lines;
pub mod live;
mod outcome;
mod output;
mod process;
pub mod run;
pub mod watch;
mod workshop;

pub use build_error::BuildError;
pub use capacity::{available_memory, checks_at_a_time};
pub use check::{CheckError, CheckReport, check, check_scenario};
pub use diagnostics::{CompileErrors, Location};
pub use live::{Live, LiveEnd, LiveError, live};
#[cfg(unix)]
pub use process::supervisor::{Supervised, supervise};
pub use watch::{ExerciseWatcher, WatchError, notices_changes};
pub use workshop::{Limits, OnProgress, Package, Progress, Workshop};
