//! What the other threads do, as a clock looks at it.

use std::collections::BTreeSet;

use crate::waits::RealTime;

/// The name of the threads that `spawn_blocking` starts, by which [`Threads`] knows them. Learners read it when code
/// of theirs panics there. The system keeps 15 bytes of a name.
pub(crate) const POOL: &str = "spawn_blocking";

/// What the other threads do at a moment when all of them wait.
#[derive(Debug, Default)]
pub(crate) struct Census {
    /// None has run since the census before.
    pub(crate) quiet: bool,
    /// A thread of the pool is at work. It holds the paused clock for as long as it lives.
    pub(crate) pool: bool,
    /// How threads of the pool wait in real time. One that has just done its work does so too, for a moment.
    pub(crate) pool_waits: BTreeSet<RealTime>,
    /// How the others do.
    pub(crate) waits: BTreeSet<RealTime>,
}
