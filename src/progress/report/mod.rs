//! The learner's way through the course as one document: facts for a program, and a page for people.
//!
//! [`Report::new`] gathers the facts, in the order of the course; [`Report::markdown`] writes them down. Both are pure:
//! the time, the zone and the notes come in. The part of each kind of step is in its own room.

mod gather;
mod markdown;
#[cfg(test)]
mod tests;

pub use super::notes::ReadNotes;
pub use gather::Report;
