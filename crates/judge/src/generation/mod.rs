//! Scenarios that nobody wrote: which of them count, which are kept, and how an answer fares in thousands of them.
//!
//! [`scenario::generate`] makes scripts from an exercise's alphabet. A script counts only where the solution and all right
//! answers agree about what it leads to: where they differ, the page leaves something open.
//!
//! - [`set`]: the scripts that are kept for an exercise, with their transcripts; a check plays them behind the written ones.
//! - `ensemble`: the solution and the right answers, ready to play.
//! - `trial`: which mutants of the solution each script catches; `select`: which scripts are worth being kept.
//! - [`make`]: makes such a set. [`proof`]: how many of the known wrong answers it catches.
//! - [`deep`]: an answer in thousands of scripts; `shrink` finds the shortest one that shows a mistake, `asserting` makes it
//!   stand by itself.

mod asserting;
pub mod deep;
mod ensemble;
pub mod make;
pub mod proof;
mod select;
pub mod set;
mod shrink;
mod trial;
