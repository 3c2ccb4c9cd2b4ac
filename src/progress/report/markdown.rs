//! The report as a page.

use time::UtcOffset;

use super::super::page::{cell, duration, line, moment, table, zone};
use super::super::sitting::{EDITOR_LIMIT_MS, IDLE_LIMIT_MS};
use super::super::step::StepState;
use super::super::steps::{Head, chapters};
use super::gather::{ExerciseReport, LessonReport, Report, StepReport};

impl Report {
    /// The report as a page of Markdown, with the times of clocks that are this far from UTC.
    pub fn markdown(&self, offset: UtcOffset) -> String {
        page(self, offset)
    }
}

fn page(report: &Report, offset: UtcOffset) -> String {
    let mut blocks = vec!["# Workshop report".to_owned(), summary(report, offset)];
    for lesson in &report.lessons {
        blocks.extend(lesson_blocks(lesson, offset));
    }
    if !report.other_notes.is_empty() {
        blocks.push("## Other notes".to_owned());
        blocks.push("No step of the course asks for these.".to_owned());
        blocks.extend(report.other_notes.iter().flat_map(|note| note.blocks("###")));
    }
    blocks.join("\n\n") + "\n"
}

fn summary(report: &Report, offset: UtcOffset) -> String {
    let steps = || report.lessons.iter().flat_map(|lesson| &lesson.steps);
    let done = steps().filter(|step| step.state == StepState::Done).count();
    let spent: u64 = steps().filter_map(|step| step.spent_seconds).sum();
    format!(
        "Written {} (all times are {}). {done} of {} steps are done; time spent: {}.\n\n\
         Time counts while a step is on the screen and keys come or files are saved. Of a pause at most {} min count, of \
         a stay in an editor that the workshop opened at most {} min. Begun and done are moments: what lies between them \
         is not all work. The estimate is the time that the course expects a step to take.",
        moment(report.written_at, offset),
        zone(offset),
        steps().count(),
        duration(spent),
        IDLE_LIMIT_MS / 60_000,
        EDITOR_LIMIT_MS / 60_000,
    )
}

fn lesson_blocks(lesson: &LessonReport, offset: UtcOffset) -> Vec<String> {
    let mut blocks = vec![format!("## {}", line(&lesson.title))];
    if lesson.state == StepState::Todo {
        blocks.push("Not begun.".to_owned());
    } else {
        let head = ["step", "kind", "state", "begun", "done", "time spent", "estimate"];
        blocks.push(table(&head, lesson.steps.iter().map(|step| step_row(step, offset))));
        if !lesson.exercises.is_empty() {
            blocks.push("### Exercises".to_owned());
            let head = ["exercise", "attempts", "hints", "passed", "solution opened before passing"];
            blocks.push(table(&head, lesson.exercises.iter().map(|exercise| exercise_row(exercise, offset))));
        }
        let steps = lesson.steps.iter().map(|step| (Head { title: &step.title, state: step.state }, &step.facts));
        blocks.extend(chapters(&steps.collect::<Vec<_>>(), offset));
    }
    // A note may have been written outside the workshop.
    let notes = || lesson.steps.iter().flat_map(|step| step.facts.notes());
    if lesson.state != StepState::Todo && notes().count() > 0 || notes().any(|note| note.text.is_some()) {
        blocks.push("### Notes".to_owned());
        blocks.extend(notes().flat_map(|note| note.blocks("####")));
    }
    blocks
}

fn step_row(step: &StepReport, offset: UtcOffset) -> Vec<String> {
    let spent = match (step.state, step.spent_seconds) {
        (_, Some(seconds)) => duration(seconds),
        (StepState::Todo, None) => String::new(),
        (_, None) => "not counted".to_owned(),
    };
    let at = |time: Option<u64>| time.map(|at| moment(at, offset)).unwrap_or_default();
    vec![
        cell(&step.title),
        step.kind.to_owned(),
        state(step.state).to_owned(),
        at(step.started_at),
        at(step.done_at),
        spent,
        step.minutes.map(|minutes| format!("{minutes} min")).unwrap_or_default(),
    ]
}

fn state(state: StepState) -> &'static str {
    match state {
        StepState::Todo => "not begun",
        StepState::Started => "begun",
        StepState::Done => "done",
    }
}

fn exercise_row(exercise: &ExerciseReport, offset: UtcOffset) -> Vec<String> {
    let at = |time: Option<u64>, never: &str| time.map_or_else(|| never.to_owned(), |at| moment(at, offset));
    let attempts = if exercise.attempts == 0 { "none".to_owned() } else { exercise.attempts.to_string() };
    vec![
        format!("{} (`{}`)", cell(&exercise.title), exercise.id),
        attempts,
        format!("{} of {}", exercise.hints, exercise.hints_available),
        at(exercise.passed_at, "not passed"),
        at(exercise.solution_opened_at, "no"),
    ]
}
