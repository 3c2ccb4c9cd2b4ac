//! Being written.

pub mod runner;
