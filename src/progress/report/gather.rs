//! Gathers the facts of the report, in the order of the course.

use serde::Serialize;

use super::super::notes::ReadNotes;
use super::super::page::NoteReport;
use super::super::state::Progress;
use super::super::step::{StepState, step_key};
use super::super::steps::Facts;
use crate::course::{Course, Exercise, Lesson, Step};

/// The facts about the learner's progress. Times are unix seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub(super) schema: u32,
    pub(super) written_at: u64,
    pub(super) lessons: Vec<LessonReport>,
    /// Notes that no step of the course asks for.
    pub(super) other_notes: Vec<NoteReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct LessonReport {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) state: StepState,
    pub(super) steps: Vec<StepReport>,
    pub(super) exercises: Vec<ExerciseReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct StepReport {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) state: StepState,
    pub(super) started_at: Option<u64>,
    pub(super) done_at: Option<u64>,
    /// The course's estimate in minutes.
    pub(super) minutes: Option<u32>,
    /// Seconds that the learner spent at it, if they were counted.
    pub(super) spent_seconds: Option<u64>,
    #[serde(flatten)]
    pub(super) facts: Facts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ExerciseReport {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) attempts: u32,
    pub(super) hints: usize,
    pub(super) hints_available: usize,
    /// When it last passed.
    pub(super) passed_at: Option<u64>,
    /// When the solution was opened, if that was before it had passed.
    pub(super) solution_opened_at: Option<u64>,
}

impl Report {
    /// Gathers the facts at this time, in unix seconds.
    pub fn new(course: &Course, progress: &Progress, notes: &ReadNotes, now: u64) -> Self {
        let lessons: Vec<_> = course.lessons.iter().map(|lesson| lesson_report(lesson, progress, notes)).collect();
        let is_asked_for = |id: &String| {
            let mut asked = lessons.iter().flat_map(|lesson| &lesson.steps).flat_map(|step| step.facts.notes());
            asked.any(|note| note.id == *id)
        };
        let others = notes.keys().filter(|id| !is_asked_for(id)).map(|id| NoteReport::new(id, None, notes)).collect();
        Self { schema: 1, written_at: now, lessons, other_notes: others }
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
    StepReport {
        id: step.id.clone(),
        kind: step.body.kind(),
        title: step.title.clone(),
        state: known.state,
        started_at: known.started_at,
        done_at: known.done_at,
        minutes: step.minutes,
        spent_seconds: (known.spent_ms > 0).then_some(known.spent_ms / 1000),
        facts: Facts::new(lesson, step, &progress.kinds, notes),
    }
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
