//! The state of the other threads, as far as a clock needs it.

use std::collections::BTreeSet;

use crate::waits::RealTime;

/// The name of the threads that `spawn_blocking` starts, by which [`Threads`] knows them. Learners read it when their
/// code panics there. The system keeps 15 bytes of a name.
pub(crate) const POOL: &str = "spawn_blocking";

/// The state of the other threads at a moment when all of them wait.
#[derive(Debug, Default)]
pub(crate) struct Census {
    /// None has run since the previous census.
    pub(crate) quiet: bool,
    /// A thread of the pool is at work. It stops the paused clock for as long as it lives.
    pub(crate) pool: bool,
    /// How threads of the pool wait in real time. A thread that has just finished its work does so too, for a moment.
    pub(crate) pool_waits: BTreeSet<RealTime>,
    /// How the other threads wait in real time.
    pub(crate) waits: BTreeSet<RealTime>,
}
