//! Being written.

pub mod course;
pub mod monitor;
pub mod progress;
pub mod text;
pub mod typing;
