//! Scripts that nobody wrote: from what clients may send, and a seed.
//!
//! A written scenario shows one rule, and what it does not show stays open. So an exercise also says what its clients may
//! do at all: its [`Alphabet`]. [`script`](script()) makes a script of it, the same for the same seed. What a script should
//! lead to is not known here: a right answer that plays it says so.
//!
//! # Map
//!
//! - [`alphabet`]: events, fields, clients, ends and pauses, as a lesson declares them.
//! - [`alphabet`] is read from TOML by `read`.
//! - [`pools`]: the values that a field may draw, and those that a program is likely to get wrong.
//! - `vocabulary`: the few values that one script uses, so that its clients meet.
//! - `actor`: chooses one step after the other.
//! - `people`: the names that clients give as they connect.
//! - `repair`: what becomes of a script that cannot be played to its end.

mod actor;
pub mod alphabet;
mod people;
pub mod pools;
mod read;
mod repair;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use actor::script;
pub use alphabet::Alphabet;
pub use people::renamed;
pub use repair::repair;
