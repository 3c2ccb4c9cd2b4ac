//! The learner's way through the course as one document: facts for a program, and a page for people.
//!
//! [`Report::new`] gathers what is known, in the order of the course; [`Report::markdown`] writes it down. Both are pure:
//! the time, the zone and the notes come in. What a kind of step has to tell, its own room tells.

mod gather;
mod markdown;
#[cfg(test)]
mod tests;

pub use super::notes::ReadNotes;
pub use gather::Report;
