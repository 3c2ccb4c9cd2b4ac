//! Being written.

pub mod cli;
pub mod course;
pub mod monitor;
pub mod progress;
pub mod runner;
pub mod text;
pub mod typing;
