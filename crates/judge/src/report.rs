//! Verdicts and the results of scenarios, as programs read them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::diagnostics::Location;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything held.
    Passed,
    /// The program ran, but did something unexpected.
    Failed,
    /// The program does not compile.
    CompileError,
    /// The program was still running when its time was up.
    TimedOut,
    /// The program asked for more memory than it may have.
    OutOfMemory,
    /// A signal or a panic ended the program.
    Crashed,
    /// The program ended before every scenario was done.
    ExitedEarly,
    /// The file changed while it was being checked.
    Stale,
    /// The file is missing, or is not text.
    Unreadable,
    /// The lesson is at fault: a scenario cannot be played, or a snapshot is missing.
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
    /// Whether nobody wrote it.
    #[serde(default)]
    pub generated: bool,
    /// How it ended.
    pub verdict: Verdict,
    /// Why, from the event log; empty when it passed.
    pub explanation: String,
    /// The transcript that the snapshot holds.
    pub expected: Option<String>,
    /// The transcript of this run.
    pub actual: Option<String>,
    /// The program's output, kept within bounds; empty if it printed nothing.
    #[serde(default)]
    pub printed: Option<String>,
    /// Where the answer panicked, if it did: in a handler, a task or a thread.
    #[serde(default)]
    pub location: Option<Location>,
}
