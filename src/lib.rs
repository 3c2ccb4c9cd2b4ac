//! Being written.

pub mod course;
pub mod text;
pub mod typing;
