//! Waits that no virtual clock can shorten.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A call that waits in real time, or that the runtime of a paused clock does not support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RealTime {
    /// A thread sleeps.
    Sleep,
    /// A thread waits for another one, or for the system, with a time limit.
    TimedWait,
    /// A task asks for a runtime with several threads.
    BlockInPlace,
    /// A thread waits for another process.
    Process,
    /// A task uses sockets or processes of the system, for which the simulated runtime has no driver.
    System,
    /// A thread of `spawn_blocking` that never ends, in a script that takes so long that the clock lost its precision.
    SpawnBlocking,
}

impl RealTime {
    /// The call's name for people.
    pub fn call(self) -> &'static str {
        match self {
            RealTime::Sleep => "`std::thread::sleep`",
            RealTime::TimedWait => "a wait with a timeout, such as `recv_timeout`",
            RealTime::BlockInPlace => "`tokio::task::block_in_place`",
            RealTime::Process => "another process, such as `std::process::Command` starts",
            RealTime::System => "sockets or processes of the system, such as `tokio::net` and `tokio::process` use",
            RealTime::SpawnBlocking => "a `spawn_blocking` that never ends",
        }
    }
}

/// The panic of `block_in_place` on a runtime without another thread, such as the simulated one.
const BLOCK_IN_PLACE: &str = "can call blocking only when running on the multi-threaded runtime";

/// The panic of tokio on a runtime that does not watch sockets.
const NO_DRIVER: &str = "A Tokio 1.x context was found, but IO is disabled";

impl RealTime {
    /// What to do instead, as the end of a sentence.
    pub fn advice(self) -> &'static str {
        match self {
            RealTime::Sleep | RealTime::TimedWait => "use `tokio::time`",
            RealTime::BlockInPlace => "use `tokio::task::spawn_blocking`",
            RealTime::Process | RealTime::System => "an answer does without",
            RealTime::SpawnBlocking => "use a task, or a thread of your own",
        }
    }

    /// The call behind a panic with this message, if it needs a runtime in real time.
    pub fn behind(panic: &str) -> Option<Self> {
        let known = [(BLOCK_IN_PLACE, Self::BlockInPlace), (NO_DRIVER, Self::System)];
        known.into_iter().find(|(words, _)| panic.contains(words)).map(|(_, call)| call)
    }
}

impl fmt::Display for RealTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.call())
    }
}
