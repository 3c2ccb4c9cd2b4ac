//! The other threads of this process.
//!
//! A paused clock must not move while a thread of the answer computes, because that thread may be about to wake the runtime.
//! Linux says what each thread does; on other systems every question has the answer "nothing to see".

use std::collections::BTreeSet;

use crate::waits::RealTime;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod sampler;
#[cfg(target_os = "linux")]
mod syscall;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Rest, Sampler, Threads};
#[cfg(target_os = "linux")]
pub(crate) use linux::Threads;
#[cfg(target_os = "linux")]
pub(crate) use sampler::{Rest, Sampler};

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
