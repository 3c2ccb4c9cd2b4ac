//! Builds answers and judges them by the scenarios of a workshop.
//!
//! A verdict depends on the contents of a file, and on nothing else: no file time, no clock, no folder that the program
//! was built in. From the text to the verdict:
//!
//! 1. [`mod@check`] reads the file, or says what is in its place, and reads the scenarios of the named workshop
//!    (`cases`).
//! 2. `library` finds the libraries that answers link, by the contents of their sources, or has cargo build them.
//! 3. `memory` has the verdict if the same was checked before.
//! 4. `compile` calls the compiler on the text that was read.
//! 5. `play` has the program play each scenario in its own process.
//! 6. `judgement` compares the transcripts with the expected ones, in this process, and explains the differences.
//!
//! [`mod@live`] serves an answer on TCP. [`trials`] and [`variants`] are test programs, of exercises and of the checks
//! themselves, for which [`mistakes`] makes wrong answers of right ones. [`process`](mod@process) supervises the
//! processes that this program starts: a program that uses this crate calls [`process::supervise_if_asked`] first in
//! `main`.

mod build_error;
mod capacity;
mod cases;
pub mod check;
mod compile;
mod cut;
mod diagnostics;
pub mod generation;
mod judgement;
mod key;
mod library;
mod lines;
pub mod live;
mod memory;
pub mod mistakes;
mod outcome;
mod output;
mod play;
pub mod process;
pub mod replace;
pub mod report;
pub mod source;
mod store;
mod toolchain;
pub mod trials;
pub mod variants;
mod workshop;

use harness::order;

pub use build_error::BuildError;
pub use capacity::{available_memory, checks_at_a_time};
pub use cases::transcript_in as expected_transcript;
pub use check::{
    CheckError, CheckReport, Generated, Scenarios, check, check_scenario, check_subject, check_text, prepare,
};
pub use compile::Subject;
pub use cut::{LONGEST, cut};
pub use diagnostics::{CompilerText, Location};
pub use layout::Package;
pub use live::{Live, LiveEnd, LiveError, live, live_text};
pub use workshop::{Limits, OnProgress, Progress, Workshop};
