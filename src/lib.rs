//! Being written.

pub mod learn;
pub mod terminal;
pub mod text;
