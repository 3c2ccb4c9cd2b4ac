//! Being written.

pub mod course;
pub mod monitor;
pub mod text;
pub mod typing;
