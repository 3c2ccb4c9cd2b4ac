//! The saved state of an interview, and its report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::UtcOffset;

use super::super::page::{line, moment, quote};
use super::super::sitting::Sitting;
use super::super::step::step_key;
use super::head::Head;
use crate::course::steps::{Interview, Question};

/// Answers to interview questions, by `lesson/question`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers(pub BTreeMap<String, Answer>);

/// The learner's rating of their own answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfRating {
    /// It missed the point.
    Missed,
    /// It had part of the point.
    Partly,
    /// It would have been good enough.
    Solid,
}

impl SelfRating {
    /// Whether the question is due again in a later sitting.
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
    /// The learner's rating of it, compared with the model answer.
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
    /// The learner's rating of it.
    pub rating: Option<SelfRating>,
    /// When it was given.
    pub at: u64,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Answers {
    /// The present answer to a question.
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// A question was answered. The rating of the previous answer does not apply to this one; an answer from an earlier
    /// sitting is kept.
    pub fn answer(&mut self, question: &str, text: &str, now: u64, sitting: Option<&Sitting>) {
        let is_of_earlier_sitting = |answer: &Answer| sitting.is_some_and(|sitting| sitting.is_after(answer.at));
        let replaces = self.get(question).is_some_and(is_of_earlier_sitting);
        let answer = self.0.entry(question.to_owned()).or_default();
        let (before, rating) = (std::mem::replace(&mut answer.text, text.to_owned()), answer.rating.take());
        if replaces {
            answer.earlier.push(EarlierAnswer { text: before, rating, at: answer.at, rest: Map::new() });
        }
        answer.at = now;
    }

    /// The learner rated their answer. Without an answer there is nothing to rate.
    pub fn rate(&mut self, question: &str, rating: SelfRating) {
        if let Some(answer) = self.0.get_mut(question) {
            answer.rating = Some(rating);
        }
    }

    /// Whether a question is due again: its answer is from an earlier sitting, and was rated below solid.
    pub fn is_due(&self, question: &str, sitting: Option<&Sitting>) -> bool {
        self.get(question).is_some_and(|answer| {
            answer.rating.is_some_and(SelfRating::is_weak) && sitting.is_some_and(|sitting| sitting.is_after(answer.at))
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::progress) struct Facts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<Answered>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Answered {
    id: String,
    question: String,
    /// The answers, the present one last; empty if there are none.
    given: Vec<Given>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Given {
    at: u64,
    text: String,
    rating: Option<SelfRating>,
}

pub(super) fn facts(interview: &Interview, lesson: &str, kept: &Answers) -> Facts {
    let answered = |question: &Question| Answered {
        id: question.id.clone(),
        question: question.question.clone(),
        given: kept.get(&step_key(lesson, &question.id)).map(given).unwrap_or_default(),
    };
    Facts { answers: interview.questions.iter().map(answered).collect() }
}

fn given(answer: &Answer) -> Vec<Given> {
    let earlier = answer.earlier.iter().map(|it| Given { at: it.at, text: it.text.clone(), rating: it.rating });
    earlier.chain([Given { at: answer.at, text: answer.text.clone(), rating: answer.rating }]).collect()
}

pub(super) fn blocks(head: &Head<'_>, facts: &Facts, offset: UtcOffset) -> Vec<String> {
    if facts.answers.is_empty() {
        return Vec::new();
    }
    let heading = format!("### {}", line(head.title));
    std::iter::once(heading).chain(facts.answers.iter().flat_map(|answer| answer_blocks(answer, offset))).collect()
}

fn answer_blocks(answer: &Answered, offset: UtcOffset) -> Vec<String> {
    let mut blocks = vec![format!("#### {}", line(&answer.question))];
    if answer.given.is_empty() {
        blocks.push("Not answered.".to_owned());
    }
    for Given { at, text, rating } in &answer.given {
        let rated = match rating {
            Some(SelfRating::Solid) => "rated solid",
            Some(SelfRating::Partly) => "rated partly there",
            Some(SelfRating::Missed) => "rated as missing the point",
            None => "not rated",
        };
        blocks.push(format!("{}, {rated}:", moment(*at, offset)));
        blocks.push(quote(text));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: u64 = 1_700_000_000;

    fn sitting(began_at: u64) -> Sitting {
        Sitting { began_at, last_sign_at: began_at, ..Sitting::default() }
    }

    #[test]
    fn a_new_answer_is_not_rated_yet() {
        let mut answers = Answers::default();
        answers.rate("rooms/q1", SelfRating::Solid);
        assert!(answers.0.is_empty());
        answers.answer("rooms/q1", "because", 5, None);
        answers.rate("rooms/q1", SelfRating::Solid);
        assert_eq!(answers.0["rooms/q1"].rating, Some(SelfRating::Solid));
        answers.answer("rooms/q1", "since", 6, None);
        assert_eq!(answers.0["rooms/q1"].rating, None);
    }

    #[test]
    fn only_a_weak_answer_of_an_earlier_sitting_is_due() {
        let (first, second) = (sitting(BEGIN), sitting(BEGIN + 10));
        let mut answers = Answers::default();
        for (question, rating) in [("a", SelfRating::Missed), ("b", SelfRating::Partly), ("c", SelfRating::Solid)] {
            answers.answer(question, "so", BEGIN, Some(&first));
            answers.rate(question, rating);
        }
        answers.answer("d", "never rated", BEGIN, Some(&first));
        let due = |answers: &Answers, sitting| ["a", "b", "c", "d", "e"].map(|it| answers.is_due(it, Some(sitting)));
        assert_eq!(due(&answers, &first), [false; 5], "it is the same sitting");
        assert_eq!(due(&answers, &second), [true, true, false, false, false]);
        answers.answer("a", "better", BEGIN + 10, Some(&second));
        answers.rate("a", SelfRating::Missed);
        assert!(!answers.is_due("a", Some(&second)), "it has been asked in this sitting");
    }

    #[test]
    fn a_later_sitting_keeps_the_earlier_answer_and_the_same_one_corrects_it() {
        let (first, second) = (sitting(BEGIN), sitting(BEGIN + 10));
        let mut answers = Answers::default();
        answers.answer("a", "a typo", BEGIN, Some(&first));
        answers.answer("a", "a word", BEGIN + 5, Some(&first));
        answers.rate("a", SelfRating::Partly);
        answers.answer("a", "a sentence", BEGIN + 10, Some(&second));
        let answer = &answers.0["a"];
        assert_eq!((answer.text.as_str(), answer.rating), ("a sentence", None));
        let earlier: Vec<_> = answer.earlier.iter().map(|it| (it.text.as_str(), it.rating, it.at)).collect();
        assert_eq!(earlier, [("a word", Some(SelfRating::Partly), BEGIN + 5)]);
    }
}
