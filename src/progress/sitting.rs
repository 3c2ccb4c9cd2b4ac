//! When the learner is at it: how much of a pause is time spent, and which pause ends a sitting.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::state::{Progress, SelfRating, step_key};

/// So many milliseconds of a pause count as time spent at a step, as reading a page takes no keys.
pub const IDLE_LIMIT_MS: u64 = 5 * 60_000;

/// So many milliseconds of a stay in an editor that the workshop opened count: it sees no key until that is over.
pub const EDITOR_LIMIT_MS: u64 = 30 * 60_000;

/// After so many seconds without a sign of the learner the next sign begins another sitting. A meal does not end one, a
/// night does.
pub const SITTING_GAP: u64 = 3 * 60 * 60;

/// One sitting, in unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sitting {
    /// When it began.
    pub began_at: u64,
    /// When the learner last gave a sign in it.
    pub last_sign_at: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Progress {
    /// The learner gives a sign; after a long pause it begins another sitting.
    pub fn sign(&mut self, now: u64) {
        let sitting =
            self.sitting.get_or_insert_with(|| Sitting { began_at: now, last_sign_at: now, rest: Map::new() });
        if now.saturating_sub(sitting.last_sign_at) >= SITTING_GAP {
            sitting.began_at = now;
        }
        sitting.last_sign_at = now;
    }

    /// Whether something that happened then belongs to an earlier sitting.
    pub(super) fn is_of_earlier_sitting(&self, at: u64) -> bool {
        self.sitting.as_ref().is_some_and(|sitting| at < sitting.began_at)
    }

    /// Whether an interview question is to be asked again: its answer is of an earlier sitting, and was rated below solid.
    pub fn is_due(&self, lesson: &str, question: &str) -> bool {
        let answer = self.interview.get(&step_key(lesson, question));
        answer.is_some_and(|answer| {
            answer.rating.is_some_and(SelfRating::is_weak) && self.is_of_earlier_sitting(answer.at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: u64 = 1_700_000_000;

    #[test]
    fn a_long_pause_ends_a_sitting_and_long_work_does_not() {
        let mut progress = Progress::default();
        for hour in 0..12 {
            progress.sign(BEGIN + hour * 3600);
        }
        assert!(!progress.is_of_earlier_sitting(BEGIN), "twelve hours, but no pause");
        progress.sign(BEGIN + 11 * 3600 + SITTING_GAP - 1);
        assert!(!progress.is_of_earlier_sitting(BEGIN));
        progress.sign(BEGIN + 11 * 3600 + 2 * SITTING_GAP);
        assert!(progress.is_of_earlier_sitting(BEGIN));
        assert_eq!(progress.sitting.unwrap().began_at, BEGIN + 11 * 3600 + 2 * SITTING_GAP);
    }

    #[test]
    fn only_a_weak_answer_of_an_earlier_sitting_is_due() {
        let mut progress = Progress::default();
        progress.sign(BEGIN);
        for (question, rating) in [("a", SelfRating::Missed), ("b", SelfRating::Partly), ("c", SelfRating::Solid)] {
            progress.answered("rooms", question, "so", BEGIN);
            progress.rated("rooms", question, rating);
        }
        progress.answered("rooms", "d", "never rated", BEGIN);
        let due = |progress: &Progress| ["a", "b", "c", "d", "e"].map(|question| progress.is_due("rooms", question));
        assert_eq!(due(&progress), [false; 5], "it is the same sitting");
        progress.sign(BEGIN + SITTING_GAP);
        assert_eq!(due(&progress), [true, true, false, false, false]);
        progress.answered("rooms", "a", "better", BEGIN + SITTING_GAP);
        progress.rated("rooms", "a", SelfRating::Missed);
        assert!(!progress.is_due("rooms", "a"), "it has been asked in this sitting");
    }

    #[test]
    fn a_later_sitting_keeps_the_earlier_answer_and_the_same_one_corrects_it() {
        let mut progress = Progress::default();
        progress.sign(BEGIN);
        progress.answered("rooms", "a", "a typo", BEGIN);
        progress.answered("rooms", "a", "a word", BEGIN + 5);
        progress.rated("rooms", "a", SelfRating::Partly);
        progress.sign(BEGIN + SITTING_GAP + 5);
        progress.answered("rooms", "a", "a sentence", BEGIN + SITTING_GAP + 5);
        let answer = &progress.interview["rooms/a"];
        assert_eq!((answer.text.as_str(), answer.rating), ("a sentence", None));
        let earlier: Vec<_> = answer.earlier.iter().map(|it| (it.text.as_str(), it.rating, it.at)).collect();
        assert_eq!(earlier, [("a word", Some(SelfRating::Partly), BEGIN + 5)]);
    }
}
