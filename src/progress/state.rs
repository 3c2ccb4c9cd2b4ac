//! `state.json`: what it holds, and the changes that a session makes to it.
//!
//! Every part keeps the fields that it does not know in `rest`, so that an older program does not lose what a newer one
//! has written.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::fingerprint;
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
    /// Where each re-typing is, by step.
    #[serde(default)]
    pub typing: BTreeMap<String, typing::Saved>,
    /// Where each debugging is, by step.
    #[serde(default)]
    pub debug: BTreeMap<String, DebugProgress>,
    /// Answers to interview questions.
    #[serde(default)]
    pub interview: BTreeMap<String, Answer>,
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
            typing: BTreeMap::new(),
            debug: BTreeMap::new(),
            interview: BTreeMap::new(),
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
    /// The [`fingerprint`] of the code that passed.
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
    /// The [`fingerprint`] of the code with the bug in it.
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
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Progress {
    /// How far a step is.
    pub fn step_state(&self, key: &str) -> StepState {
        self.steps.get(key).map(|step| step.state).unwrap_or_default()
    }

    /// The learner is at this step now. A step that is done stays done.
    pub fn enter(&mut self, place: Place, now: u64) {
        let step = self.steps.entry(step_key(&place.lesson, &place.step)).or_default();
        step.state = step.state.max(StepState::Started);
        step.started_at.get_or_insert(now);
        self.position = Some(place);
    }

    /// A step is done.
    pub fn finish(&mut self, key: &str, now: u64) {
        let step = self.steps.entry(key.to_owned()).or_default();
        step.state = StepState::Done;
        step.started_at.get_or_insert(now);
        step.done_at.get_or_insert(now);
    }

    /// What is known about an exercise; nothing has been done in one that is not known.
    pub fn exercise(&self, id: &str) -> ExerciseProgress {
        self.exercises.get(id).cloned().unwrap_or_default()
    }

    /// An exercise was checked.
    pub fn attempted(&mut self, id: &str) {
        let exercise = self.exercise_mut(id);
        exercise.attempts = exercise.attempts.saturating_add(1);
    }

    /// An exercise passed with this code.
    pub fn passed(&mut self, id: &str, code: &str, now: u64) {
        let passed = self.exercise_mut(id).passed.get_or_insert_default();
        (passed.at, passed.fingerprint) = (now, fingerprint(code));
    }

    /// Whether an exercise has ever passed.
    pub fn has_passed(&self, id: &str) -> bool {
        self.exercises.get(id).is_some_and(|exercise| exercise.passed.is_some())
    }

    /// Whether an exercise passed with exactly this code. If not, its verdict is out of date.
    pub fn passed_with(&self, id: &str, code: &str) -> bool {
        let passed = self.exercises.get(id).and_then(|exercise| exercise.passed.as_ref());
        passed.is_some_and(|passed| passed.fingerprint == fingerprint(code))
    }

    /// Reveals the next of an exercise's `available` hints, and says how many are revealed now.
    pub fn reveal_hint(&mut self, id: &str, available: usize) -> usize {
        let exercise = self.exercise_mut(id);
        if exercise.hints < available {
            exercise.hints += 1;
        }
        exercise.hints.min(available)
    }

    /// The solution of an exercise was opened. That is worth a note only before it has passed.
    pub fn solution_opened(&mut self, id: &str, now: u64) {
        let exercise = self.exercise_mut(id);
        if exercise.passed.is_none() {
            exercise.solution_opened_at.get_or_insert(now);
        }
    }

    /// A bug was planted; `code` is the file with the bug in it.
    pub fn planted(&mut self, key: &str, bug: &str, code: &str) {
        let debug = self.debug.entry(key.to_owned()).or_default();
        bug.clone_into(&mut debug.bug);
        debug.stage = DebugStage::Observing;
        debug.planted = fingerprint(code);
    }

    /// The learner is further with the planted bug, or back at an earlier stage. Without a bug there is no stage.
    pub fn debug_stage(&mut self, key: &str, stage: DebugStage) {
        if let Some(debug) = self.debug.get_mut(key) {
            debug.stage = stage;
            if stage == DebugStage::Fixed {
                debug.fixed.insert(debug.bug.clone());
            }
        }
    }

    /// An interview question was answered. A rating of an earlier answer does not hold for this one.
    pub fn answered(&mut self, lesson: &str, question: &str, text: &str, now: u64) {
        let answer = self.interview.entry(step_key(lesson, question)).or_default();
        text.clone_into(&mut answer.text);
        answer.rating = None;
        answer.at = now;
    }

    /// The learner rated their answer. Without an answer there is nothing to rate.
    pub fn rated(&mut self, lesson: &str, question: &str, rating: SelfRating) {
        if let Some(answer) = self.interview.get_mut(&step_key(lesson, question)) {
            answer.rating = Some(rating);
        }
    }

    fn exercise_mut(&mut self, id: &str) -> &mut ExerciseProgress {
        self.exercises.entry(id.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_done_stays_done_when_it_is_read_again() {
        let mut progress = Progress::default();
        progress.enter(Place::new("rooms", "read"), 10);
        assert_eq!(progress.step_state("rooms/read"), StepState::Started);
        progress.finish("rooms/read", 20);
        progress.enter(Place::new("rooms", "read"), 30);
        progress.finish("rooms/read", 40);
        let step = &progress.steps["rooms/read"];
        assert_eq!((step.state, step.started_at, step.done_at), (StepState::Done, Some(10), Some(20)));
        assert_eq!(progress.position, Some(Place::new("rooms", "read")));
        assert_eq!(progress.step_state("rooms/debug"), StepState::Todo);
    }

    #[test]
    fn a_pass_is_out_of_date_when_the_code_has_changed() {
        let mut progress = Progress::default();
        progress.attempted("join-project");
        progress.passed("join-project", "fn app() {}", 10);
        assert!(progress.has_passed("join-project"));
        assert!(progress.passed_with("join-project", "fn app() {}"));
        assert!(!progress.passed_with("join-project", "fn app() { }"));
        assert!(!progress.has_passed("scoped-broadcast"));
    }

    #[test]
    fn hints_come_one_by_one_and_no_more_than_there_are() {
        let mut progress = Progress::default();
        let revealed: Vec<usize> = (0..4).map(|_| progress.reveal_hint("join-project", 2)).collect();
        assert_eq!(revealed, [1, 2, 2, 2]);
        assert_eq!(progress.reveal_hint("join-project", 1), 1, "a lesson may lose a hint");
    }

    #[test]
    fn opening_the_solution_counts_only_before_passing() {
        let mut progress = Progress::default();
        progress.passed("a", "", 1);
        progress.solution_opened("a", 2);
        progress.solution_opened("b", 3);
        progress.solution_opened("b", 4);
        assert_eq!(progress.exercise("a").solution_opened_at, None);
        assert_eq!(progress.exercise("b").solution_opened_at, Some(3));
    }

    #[test]
    fn fixed_bugs_are_remembered_when_the_next_is_planted() {
        let mut progress = Progress::default();
        progress.debug_stage("rooms/debug", DebugStage::Fixing);
        assert!(progress.debug.is_empty());
        progress.planted("rooms/debug", "trusts-payload", "buggy");
        progress.debug_stage("rooms/debug", DebugStage::Fixed);
        progress.planted("rooms/debug", "broadcast-to-everyone", "buggier");
        let debug = &progress.debug["rooms/debug"];
        assert_eq!((debug.bug.as_str(), debug.stage), ("broadcast-to-everyone", DebugStage::Observing));
        assert!(debug.fixed.contains("trusts-payload"));
    }

    #[test]
    fn a_new_answer_is_not_rated_yet() {
        let mut progress = Progress::default();
        progress.rated("rooms", "q1", SelfRating::Solid);
        assert!(progress.interview.is_empty());
        progress.answered("rooms", "q1", "because", 5);
        progress.rated("rooms", "q1", SelfRating::Solid);
        assert_eq!(progress.interview["rooms/q1"].rating, Some(SelfRating::Solid));
        progress.answered("rooms", "q1", "since", 6);
        assert_eq!(progress.interview["rooms/q1"].rating, None);
    }

    #[test]
    fn fields_of_a_later_version_survive_in_every_part() {
        let json = serde_json::json!({
            "schema": 1,
            "position": { "lesson": "rooms", "step": "read", "x": 1 },
            "steps": { "rooms/read": { "state": "done", "started_at": 1, "done_at": 2, "x": [1] } },
            "exercises": { "a": {
                "attempts": 1, "hints": 0, "passed": { "at": 1, "fingerprint": "f", "x": 2 },
                "solution_opened_at": null, "x": {}
            } },
            "typing": { "rooms/retype": {
                "fingerprint": "f", "cursor": { "chunk": 0, "line": 0, "cell": 0 }, "missed_here": false,
                "scores": [], "missed": {}, "elapsed_ms": 0, "pastes": 0, "x": 3
            } },
            "debug": { "rooms/debug": { "bug": "b", "stage": "fixing", "planted": "f", "fixed": [], "x": 4 } },
            "interview": { "rooms/q1": { "text": "t", "rating": "partly", "at": 1, "x": 5 } },
            "x": "y"
        });
        let progress: Progress = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(progress).unwrap(), json);
    }
}
