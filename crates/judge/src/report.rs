//! Verdicts, and what one run of a scenario found, as programs read them.

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
    /// The file is missing, or is no text.
    Unreadable,
    /// The lesson is at fault: a scenario that cannot be played, a snapshot that is missing.
    CourseError,
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
            Self::Unreadable => "unreadable",
            Self::CourseError => "course error",
        })
    }
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
    /// What the program printed, kept within bounds; nothing if it printed nothing.
    #[serde(default)]
    pub printed: Option<String>,
}
