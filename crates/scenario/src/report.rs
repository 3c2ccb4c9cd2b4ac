//! What one run of a scenario found, in the form that travels between the exercise's test binary and its caller.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything held.
    Passed,
    /// The program ran, and did something other than expected.
    Failed,
    /// The program does not compile.
    CompileError,
    /// The program was still running when its time was up.
    TimedOut,
    /// The program asked for more memory than it may have.
    OutOfMemory,
    /// The program was ended by a signal or a panic.
    Crashed,
    /// The program ended before every scenario was done.
    ExitedEarly,
    /// The file changed while it was being checked.
    Stale,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::CompileError => "compile error",
            Self::TimedOut => "timed out",
            Self::OutOfMemory => "out of memory",
            Self::Crashed => "crashed",
            Self::ExitedEarly => "exited early",
            Self::Stale => "stale",
        })
    }
}

/// How far a program has come, for when it comes no further.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The title of the scenario that is played.
    pub title: String,
    /// The step that is played, as explanations name it; none while `app` runs, which is before the first.
    pub step: Option<String>,
}

/// The result of one scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioReport {
    /// The scenario's file name without its ending.
    pub name: String,
    /// The scenario's title, for people.
    pub title: String,
    /// How it ended.
    pub verdict: Verdict,
    /// Why, from the event log; empty when it passed.
    pub explanation: String,
    /// The transcript that the snapshot holds.
    pub expected: Option<String>,
    /// The transcript of this run.
    pub actual: Option<String>,
}
