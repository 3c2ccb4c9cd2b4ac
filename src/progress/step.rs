//! The state of a step that all kinds have in common.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The key under which a step is saved: `lesson/step`.
pub fn step_key(lesson: &str, step: &str) -> String {
    format!("{lesson}/{step}")
}

/// A step of a lesson.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The lesson's id.
    pub lesson: String,
    /// The step's id.
    pub step: String,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Place {
    /// The step of this lesson.
    pub fn new(lesson: &str, step: &str) -> Self {
        Self { lesson: lesson.to_owned(), step: step.to_owned(), rest: Map::new() }
    }
}

/// How far a step is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    #[default]
    Todo,
    /// Begun.
    Started,
    /// Done.
    Done,
}

/// A step, and when things happened in it. Times are unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepProgress {
    /// How far it is.
    pub state: StepState,
    /// When it was first begun.
    pub started_at: Option<u64>,
    /// When it was first done.
    pub done_at: Option<u64>,
    /// Milliseconds that the learner spent at it; also 0 if an older program did not count them.
    pub spent_ms: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}
