//! The saved state and the report of each kind of step, one file for each kind.
//!
//! A room knows its kind's part of the state and of the course, and nothing of [`Progress`](super::Progress), which is
//! made of these parts. A new kind is a file here, a field of [`Kinds`] if it keeps anything, and the parts of `Facts`
//! that the compiler then asks for.

mod debug;
mod head;
mod interview;
mod notes;
mod predict;
mod retype;

use serde::{Deserialize, Serialize};
use time::UtcOffset;

use super::notes::ReadNotes;
use super::page::NoteReport;
use super::step::step_key;
use crate::course::{Body, Lesson, Step};
pub use debug::{DebugProgress, DebugStage, Debugging};
pub(super) use head::Head;
pub use interview::{Answer, Answers, EarlierAnswer, SelfRating};
pub use predict::Predictions;
pub use retype::Typing;

/// The state of the kinds of steps, each under its own name in `state.json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kinds {
    /// The answers to predictions.
    pub predictions: Predictions,
    /// The places in re-typed texts.
    pub typing: Typing,
    /// The progress of debug steps.
    pub debug: Debugging,
    /// The answers to interview questions.
    pub interview: Answers,
}

/// The facts of a kind of step, in addition to those of every step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Facts {
    Predict(predict::Facts),
    Retype(retype::Facts),
    Debug(debug::Facts),
    Interview(interview::Facts),
    Notes(notes::Facts),
    /// The facts of a step about an exercise are with the exercise, and a page has none.
    Nothing {},
}

impl Facts {
    pub(super) fn new(lesson: &Lesson, step: &Step, kinds: &Kinds, notes: &ReadNotes) -> Self {
        let key = step_key(&lesson.id, &step.id);
        match &step.body {
            Body::Predict(predict) => Self::Predict(predict::facts(predict, &key, &kinds.predictions)),
            Body::Retype(retype) => Self::Retype(retype::facts(retype, &key, &kinds.typing)),
            Body::Debug(debug) => Self::Debug(debug::facts(debug, &key, &kinds.debug)),
            Body::Interview(interview) => Self::Interview(interview::facts(interview, &lesson.id, &kinds.interview)),
            Body::Compare(compare) => Self::Notes(notes::of_compare(compare, notes)),
            Body::Reflect(reflect) => Self::Notes(notes::of_reflect(reflect, notes)),
            Body::Read(_) | Body::Exercise(_) | Body::Project(_) | Body::Recall(_) => Self::Nothing {},
        }
    }

    /// The notes that the step asks for.
    pub(super) fn notes(&self) -> &[NoteReport] {
        match self {
            Self::Notes(facts) => &facts.notes,
            Self::Predict(_) | Self::Retype(_) | Self::Debug(_) | Self::Interview(_) | Self::Nothing {} => &[],
        }
    }
}

/// The chapters of a lesson in the report: predictions, practice, interviews.
pub(super) fn chapters(steps: &[(Head<'_>, &Facts)], offset: UtcOffset) -> Vec<String> {
    let (mut predictions, mut practice, mut interviews) = (Vec::new(), Vec::new(), Vec::new());
    for (head, facts) in steps {
        match facts {
            Facts::Predict(facts) => predictions.push((*head, facts)),
            Facts::Retype(facts) => practice.extend(retype::blocks(head, facts)),
            Facts::Debug(facts) => practice.extend(debug::blocks(head, facts)),
            Facts::Interview(facts) => interviews.extend(interview::blocks(head, facts, offset)),
            // Notes have their own chapter, which begins with each lesson.
            Facts::Notes(_) | Facts::Nothing {} => {}
        }
    }
    [predict::blocks(&predictions), practice, interviews].concat()
}
