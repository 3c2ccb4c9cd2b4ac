//! The contents of `state.json`.
//!
//! Every part keeps the fields that it does not know in `rest`, so that an older program does not lose what a newer one
//! has written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::sitting::Sitting;
use super::step::{Place, StepProgress};
use super::steps::Kinds;

/// The version of the file's format.
pub const SCHEMA: u32 = 1;

/// The learner's progress through the course.
///
/// Steps are named by [`step_key`](super::step_key), exercises by their id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The version of the file's format.
    pub schema: u32,
    /// The learner's place in the course.
    #[serde(default)]
    pub position: Option<Place>,
    /// The steps that were begun.
    #[serde(default)]
    pub steps: BTreeMap<String, StepProgress>,
    /// The exercises that were touched.
    #[serde(default)]
    pub exercises: BTreeMap<String, ExerciseProgress>,
    /// The state of the kinds of steps.
    #[serde(flatten)]
    pub kinds: Kinds,
    /// The present sitting, or the last one.
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
            kinds: Kinds::default(),
            sitting: None,
            rest: Map::new(),
        }
    }
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
    /// When its solution was opened before it had passed.
    pub solution_opened_at: Option<u64>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An exercise passed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// When it passed.
    pub at: u64,
    /// The [`fingerprint`](crate::text::fingerprint) of the code that passed.
    pub fingerprint: String,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::super::step::StepState;
    use super::super::steps::{DebugStage, SelfRating};
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
        let mut written = serde_json::to_value(progress).unwrap();
        // A kind of step that is newer than this test, and that keeps nothing.
        written.as_object_mut().unwrap().retain(|_, part| part.as_object().is_none_or(|part| !part.is_empty()));
        assert_eq!(written, json);
    }

    /// One file for each schema, never changed once a program has written such files: each must load for ever.
    #[test]
    fn the_state_of_every_schema_loads() {
        let progress: Progress = serde_json::from_str(include_str!("golden/state-1.json")).unwrap();
        assert_eq!(progress.step_state("rooms/read"), StepState::Done);
        assert!(progress.has_passed("join-project"));
        assert_eq!(progress.exercise("join-project").hints, 2);
        assert!(progress.kinds.predictions.0.is_empty(), "they were not kept then");
        assert_eq!(progress.kinds.typing.0["rooms/retype"].cursor.line, 3);
        assert_eq!(progress.kinds.debug.0["rooms/debug"].stage, DebugStage::Fixing);
        assert_eq!(progress.kinds.interview.0["rooms/q1"].rating, Some(SelfRating::Partly));
    }
}
