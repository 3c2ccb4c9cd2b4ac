//! The workshop: everything behind the `rtws` command.
//!
//! `ARCHITECTURE.md` is the map. The pure cores ([`course`], [`typing`], [`progress`], [`monitor`]) know no terminal,
//! clock or network; [`judge`] builds and judges the learner's code; [`coursework`] is everything that a learner can
//! do, without a terminal; [`learn`] knows all of them, and only the command line knows [`learn`].

pub mod authoring;
pub mod cli;
pub mod clock;
pub mod colour;
pub mod course;
pub mod coursework;
pub mod crowd;
pub mod descriptors;
pub mod learn;
pub mod log;
pub mod monitor;
pub mod progress;
pub mod server;
pub mod terminal;
pub mod text;
pub mod typing;
pub mod watch;
