//! Being written.

pub mod course;
pub mod text;
