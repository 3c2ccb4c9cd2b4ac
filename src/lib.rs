//! Being written.

pub mod text;
