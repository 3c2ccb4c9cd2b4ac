//! What `state.json` holds.
//!
//! Every part keeps the fields that it does not know in `rest`, so that an older program does not lose what a newer one
//! has written.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::sitting::Sitting;
use crate::typing;

/// The version of the file's format.
pub const SCHEMA: u32 = 1;

/// The key of a step wherever one is kept: `lesson/step`.
pub fn step_key(lesson: &str, step: &str) -> String {
    format!("{lesson}/{step}")
}

/// Everything that is known about the learner's way through the course.
///
/// Steps are named by [`step_key`], exercises by their id, interview answers by `lesson/question`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The version of the file's format.
    pub schema: u32,
    /// Where the learner is.
    #[serde(default)]
    pub position: Option<Place>,
    /// The steps that were begun.
    #[serde(default)]
    pub steps: BTreeMap<String, StepProgress>,
    /// The exercises that were touched.
    #[serde(default)]
    pub exercises: BTreeMap<String, ExerciseProgress>,
    /// The first answer to each prediction, as its place among the choices from 0, by step.
    #[serde(default)]
    pub predictions: BTreeMap<String, usize>,
    /// Where each re-typing is, by step.
    #[serde(default)]
    pub typing: BTreeMap<String, typing::Saved>,
    /// Where each debugging is, by step.
    #[serde(default)]
    pub debug: BTreeMap<String, DebugProgress>,
    /// Answers to interview questions.
    #[serde(default)]
    pub interview: BTreeMap<String, Answer>,
    /// The sitting that goes on, or was last.
    #[serde(default)]
    pub sitting: Option<Sitting>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            position: None,
            steps: BTreeMap::new(),
            exercises: BTreeMap::new(),
            predictions: BTreeMap::new(),
            typing: BTreeMap::new(),
            debug: BTreeMap::new(),
            interview: BTreeMap::new(),
            sitting: None,
            rest: Map::new(),
        }
    }
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
    /// Milliseconds that the learner spent at it; 0 also where an older program did not count them.
    pub spent_ms: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An exercise, and what the learner needed for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExerciseProgress {
    /// How often it was checked.
    pub attempts: u32,
    /// How many hints were revealed.
    pub hints: usize,
    /// The last time that it passed.
    pub passed: Option<Passed>,
    /// When its solution was opened while it had not passed.
    pub solution_opened_at: Option<u64>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An exercise passed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// When.
    pub at: u64,
    /// The [`fingerprint`](crate::text::fingerprint) of the code that passed.
    pub fingerprint: String,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// How far the learner is with a planted bug.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebugStage {
    /// It is planted; the learner watches what goes wrong.
    #[default]
    Observing,
    /// The learner writes an assertion that fails because of it.
    Asserting,
    /// The assertion stands; the learner mends the code.
    Fixing,
    /// The code is mended.
    Fixed,
}

/// A debug step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebugProgress {
    /// The bug that is planted, or was last.
    pub bug: String,
    /// How far the learner is with it.
    pub stage: DebugStage,
    /// The [`fingerprint`](crate::text::fingerprint) of the code with the bug in it.
    pub planted: String,
    /// All bugs that were fixed in this step.
    pub fixed: BTreeSet<String>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What the learner thinks of an answer of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfRating {
    /// It missed the point.
    Missed,
    /// It had part of the point.
    Partly,
    /// It would have done.
    Solid,
}

impl SelfRating {
    /// Whether the question is to be asked again in a later sitting.
    pub fn is_weak(self) -> bool {
        self < Self::Solid
    }
}

/// An answer to an interview question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// In the learner's words.
    pub text: String,
    /// What the learner thought of it, beside the model answer.
    pub rating: Option<SelfRating>,
    /// When it was given.
    pub at: u64,
    /// The answers of earlier sittings, the first one first.
    pub earlier: Vec<EarlierAnswer>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An answer that a later sitting has replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EarlierAnswer {
    /// In the learner's words.
    pub text: String,
    /// What the learner thought of it.
    pub rating: Option<SelfRating>,
    /// When it was given.
    pub at: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_later_version_survive_in_every_part() {
        let json = serde_json::json!({
            "schema": 1,
            "position": { "lesson": "rooms", "step": "read", "x": 1 },
            "steps": { "rooms/read": { "state": "done", "started_at": 1, "done_at": 2, "spent_ms": 3, "x": [1] } },
            "exercises": { "a": {
                "attempts": 1, "hints": 0, "passed": { "at": 1, "fingerprint": "f", "x": 2 },
                "solution_opened_at": null, "x": {}
            } },
            "predictions": { "rooms/predict": 2 },
            "typing": { "rooms/retype": {
                "fingerprint": "f", "cursor": { "chunk": 0, "line": 0, "cell": 0 }, "missed_here": false,
                "scores": [], "missed": {}, "elapsed_ms": 0, "pastes": 0, "x": 3
            } },
            "debug": { "rooms/debug": { "bug": "b", "stage": "fixing", "planted": "f", "fixed": [], "x": 4 } },
            "interview": { "rooms/q1": { "text": "t", "rating": "partly", "at": 1, "x": 5, "earlier": [
                { "text": "t", "rating": null, "at": 0, "x": 6 }
            ] } },
            "sitting": { "began_at": 1, "last_sign_at": 2, "x": 7 },
            "x": "y"
        });
        let progress: Progress = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(progress).unwrap(), json);
    }

    /// One file a schema, never changed once a program has written such files: each must load for ever.
    #[test]
    fn the_state_of_every_schema_loads() {
        let progress: Progress = serde_json::from_str(include_str!("golden/state-1.json")).unwrap();
        assert_eq!(progress.step_state("rooms/read"), StepState::Done);
        assert!(progress.has_passed("join-project"));
        assert_eq!(progress.exercise("join-project").hints, 2);
        assert!(progress.predictions.is_empty(), "they were not kept then");
        assert_eq!(progress.typing["rooms/retype"].cursor.line, 3);
        assert_eq!(progress.debug["rooms/debug"].stage, DebugStage::Fixing);
        assert_eq!(progress.interview["rooms/q1"].rating, Some(SelfRating::Partly));
    }
}
