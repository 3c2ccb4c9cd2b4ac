//! Questions of an interview: answers that can be said aloud, with points to compare.

use std::ops::RangeInclusive;

use super::super::diagnostic::Code;
use super::super::steps::{Body, Question};
use super::subject::Subject;

const POINTS: RangeInclusive<usize> = 3..=6;
/// A minute and a half of speech at most, and more than a slogan.
const WORDS: RangeInclusive<usize> = 60..=200;

pub(super) fn check(subject: &Subject<'_>) {
    for step in &subject.lesson.steps {
        let Body::Interview(interview) = &step.body else { continue };
        for question in &interview.questions {
            one(subject, question);
        }
    }
}

fn one(subject: &Subject<'_>, question: &Question) {
    let warn =
        |message: String, help: &str| subject.warning_at("questions", &question.id, Code::Interview, message, help);
    let (points, words) = (question.points.len(), question.model_answer.split_whitespace().count());
    if !POINTS.contains(&points) {
        let message = format!("the question `{}` has {points} points to compare with", question.id);
        warn(message, "a learner can hold three to six");
    }
    if !WORDS.contains(&words) {
        let message = format!("the model answer to `{}` has {words} words", question.id);
        warn(message, "60 to 200 can be said aloud in an interview");
    }
}
