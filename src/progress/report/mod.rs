//! The learner's way through the course as one document: facts for a program, and a page for people.
//!
//! [`Report::new`] gathers what is known, in the order of the course; [`Report::markdown`] writes it down. Both are pure:
//! the time, the zone and the notes come in.

mod markdown;
mod moment;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Add;

use serde::Serialize;
use time::UtcOffset;

use super::{Answer, FileError, Note, Progress, SelfRating, StepState, step_key};
use crate::course::{Body, Course, Exercise, Interview, Lesson, Predict, Question, Step};
use crate::typing::Score;

/// The notes by their ids, each with its text or why it cannot be read.
pub type ReadNotes = BTreeMap<String, Result<Note, FileError>>;

/// What the learner has done. Times are unix seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    schema: u32,
    written_at: u64,
    lessons: Vec<LessonReport>,
    /// Notes that no step of the course asks for.
    other_notes: Vec<NoteReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct LessonReport {
    id: String,
    title: String,
    state: StepState,
    steps: Vec<StepReport>,
    exercises: Vec<ExerciseReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct StepReport {
    id: String,
    kind: &'static str,
    title: String,
    state: StepState,
    started_at: Option<u64>,
    done_at: Option<u64>,
    /// What the course reckons that it takes.
    minutes: Option<u32>,
    /// Seconds that the learner spent at it, if they were counted.
    spent_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prediction: Option<PredictionReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    typing: Option<TypingReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    debug: Option<DebugReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<AnswerReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<NoteReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ExerciseReport {
    id: String,
    title: String,
    attempts: u32,
    hints: usize,
    hints_available: usize,
    /// When it last passed.
    passed_at: Option<u64>,
    /// When the solution was opened, if that was before it had passed.
    solution_opened_at: Option<u64>,
}

/// The first answer to a prediction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct PredictionReport {
    chosen: String,
    right: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct TypingReport {
    chunks_done: usize,
    chunks: usize,
    /// The share of keys that were right at the first try, from 0 to 1.
    accuracy: Option<f64>,
    /// The same in percent, rounded down, as the screen says it.
    percent: Option<u64>,
    seconds: u64,
    pastes: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct DebugReport {
    /// The titles of the bugs that were fixed.
    fixed: Vec<String>,
    /// How many there are to choose from.
    bugs: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AnswerReport {
    id: String,
    question: String,
    /// The present answer last; empty where there is none.
    given: Vec<Given>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Given {
    at: u64,
    text: String,
    rating: Option<SelfRating>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct NoteReport {
    id: String,
    question: String,
    /// What the learner wrote, if anything.
    text: Option<String>,
    /// Why the note cannot be read, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

impl Report {
    /// Gathers what is known at this time, in unix seconds.
    pub fn new(course: &Course, progress: &Progress, notes: &ReadNotes, now: u64) -> Self {
        let lessons: Vec<_> = course.lessons.iter().map(|lesson| lesson_report(lesson, progress, notes)).collect();
        let is_asked_for = |id: &String| {
            let mut asked = lessons.iter().flat_map(|lesson| &lesson.steps).flat_map(|step| &step.notes);
            asked.any(|note| note.id == *id)
        };
        let others = notes.keys().filter(|id| !is_asked_for(id)).map(|id| note_report(id, None, notes)).collect();
        Self { schema: 1, written_at: now, lessons, other_notes: others }
    }

    /// The report as a page of Markdown, with the times of clocks that are this far from UTC.
    pub fn markdown(&self, offset: UtcOffset) -> String {
        markdown::page(self, offset)
    }
}

fn lesson_report(lesson: &Lesson, progress: &Progress, notes: &ReadNotes) -> LessonReport {
    let steps: Vec<_> = lesson.steps.iter().map(|step| step_report(lesson, step, progress, notes)).collect();
    let exercises: Vec<_> = lesson.exercises.iter().map(|exercise| exercise_report(exercise, progress)).collect();
    let has_begun = steps.iter().any(|step| step.state > StepState::Todo) || exercises.iter().any(was_touched);
    let state = if steps.iter().all(|step| step.state == StepState::Done) {
        StepState::Done
    } else if has_begun {
        StepState::Started
    } else {
        StepState::Todo
    };
    LessonReport { id: lesson.id.clone(), title: lesson.title.clone(), state, steps, exercises }
}

fn was_touched(exercise: &ExerciseReport) -> bool {
    exercise.attempts > 0 || exercise.hints > 0 || exercise.solution_opened_at.is_some()
}

fn step_report(lesson: &Lesson, step: &Step, progress: &Progress, notes: &ReadNotes) -> StepReport {
    let key = step_key(&lesson.id, &step.id);
    let known = progress.steps.get(&key).cloned().unwrap_or_default();
    let mut report = StepReport {
        id: step.id.clone(),
        kind: step.body.kind(),
        title: step.title.clone(),
        state: known.state,
        started_at: known.started_at,
        done_at: known.done_at,
        minutes: step.minutes,
        spent_seconds: (known.spent_ms > 0).then_some(known.spent_ms / 1000),
        prediction: None,
        typing: None,
        debug: None,
        answers: Vec::new(),
        notes: Vec::new(),
    };
    match &step.body {
        Body::Predict(predict) => report.prediction = prediction_report(predict, &key, progress),
        Body::Retype(retype) => report.typing = typing_report(retype.chunks.len(), &key, progress),
        Body::Debug(debug) => {
            let fixed = progress.debug.get(&key).map(|known| known.fixed.clone()).unwrap_or_default();
            let titles = debug.bugs.iter().filter(|bug| fixed.contains(&bug.id)).map(|bug| bug.title.clone());
            report.debug = Some(DebugReport { fixed: titles.collect(), bugs: debug.bugs.len() });
        }
        Body::Interview(interview) => report.answers = answer_reports(lesson, interview, progress),
        Body::Compare(compare) => report.notes.push(note_report(&compare.note, Some(&compare.prompt), notes)),
        Body::Reflect(reflect) => {
            let prompts = reflect.prompts.iter();
            report.notes = prompts.map(|prompt| note_report(&prompt.id, Some(&prompt.question), notes)).collect();
        }
        Body::Read | Body::Exercise(_) | Body::Project(_) | Body::Recall(_) => {}
    }
    report
}

fn exercise_report(exercise: &Exercise, progress: &Progress) -> ExerciseReport {
    let known = progress.exercise(&exercise.id);
    ExerciseReport {
        id: exercise.id.clone(),
        title: exercise.title.clone(),
        attempts: known.attempts,
        hints: known.hints.min(exercise.hints.len()),
        hints_available: exercise.hints.len(),
        passed_at: known.passed.map(|passed| passed.at),
        solution_opened_at: known.solution_opened_at,
    }
}

fn prediction_report(predict: &Predict, key: &str, progress: &Progress) -> Option<PredictionReport> {
    let choice = *progress.predictions.get(key)?;
    let chosen = predict.choices.get(choice)?.clone();
    Some(PredictionReport { chosen, right: choice == predict.answer })
}

fn typing_report(chunks: usize, key: &str, progress: &Progress) -> Option<TypingReport> {
    let saved = progress.typing.get(key)?;
    let total = saved.scores.iter().copied().fold(Score::default(), Add::add);
    Some(TypingReport {
        chunks_done: saved.cursor.chunk.min(chunks),
        chunks,
        accuracy: total.accuracy(),
        percent: total.percent(),
        seconds: saved.elapsed_ms / 1000,
        pastes: saved.pastes,
    })
}

fn answer_reports(lesson: &Lesson, interview: &Interview, progress: &Progress) -> Vec<AnswerReport> {
    let report = |question: &Question| AnswerReport {
        id: question.id.clone(),
        question: question.question.clone(),
        given: progress.interview.get(&step_key(&lesson.id, &question.id)).map(given).unwrap_or_default(),
    };
    interview.questions.iter().map(report).collect()
}

fn given(answer: &Answer) -> Vec<Given> {
    let earlier = answer.earlier.iter().map(|it| Given { at: it.at, text: it.text.clone(), rating: it.rating });
    earlier.chain([Given { at: answer.at, text: answer.text.clone(), rating: answer.rating }]).collect()
}

/// A note under the question of the course, or else under the one that its file has.
fn note_report(id: &str, asked: Option<&str>, notes: &ReadNotes) -> NoteReport {
    let (question, text, trouble) = match notes.get(id) {
        None => (String::new(), None, None),
        Some(Ok(note)) => {
            let text = Some(note.text.clone()).filter(|text| !text.trim().is_empty());
            (note.question.clone(), text, None)
        }
        Some(Err(trouble)) => (String::new(), None, Some(trouble.to_string())),
    };
    NoteReport { id: id.to_owned(), question: asked.map_or(question, str::to_owned), text, trouble }
}
