//! The edit-check loop of one exercise.

use judge::report::Verdict;
use judge::{CheckReport, Location};

use crate::coursework::hint;
use crate::learn::context::Context;
use crate::learn::message::Effect;
use crate::learn::model::{Held, Model, Scroll, Tone};

/// An exercise: to solve, to build a project, or to recall.
#[derive(Debug)]
pub struct ExerciseScreen {
    pub(super) exercise: String,
    /// Whether the hints are above the verdict, because they were asked for last.
    pub hints_first: bool,
    /// Which of the scenarios that failed is shown in full.
    pub(super) opened: usize,
}

impl ExerciseScreen {
    pub(in crate::learn::steps) fn open(exercise: &str) -> Self {
        Self { exercise: exercise.to_owned(), hints_first: false, opened: 0 }
    }

    pub(super) fn saved(&self, cx: &mut Context<'_>) {
        cx.check(&self.exercise);
        if cx.model.pane.live.is_some() {
            cx.ask(Effect::StartLive { exercise: self.exercise.clone() });
        }
    }

    pub(super) fn checked(&mut self, cx: &mut Context<'_>, verdict: Verdict) {
        // The file was saved during the check: the new text needs its own verdict.
        if verdict == Verdict::Stale {
            return cx.check(&self.exercise);
        }
        self.hints_first = false;
        self.opened = 0;
        cx.scroll_to(Scroll::TOP);
    }

    pub(super) fn hint(&mut self, cx: &mut Context<'_>) {
        let Some(exercise) = cx.model.exercise().cloned() else { return };
        let revealed = hint::reveal(&mut cx.model.progress, &exercise);
        cx.say(Tone::Plain, revealed.in_words());
        self.hints_first = true;
        cx.scroll_to(Scroll::TOP);
        cx.save();
    }

    pub(super) fn edit(&self, cx: &mut Context<'_>) {
        let report = cx.model.work.reports.get(&self.exercise);
        let location = report.and_then(|report| location(report, self.opened));
        let line = location.map(|location| location.line);
        cx.ask(Effect::EditExercise { exercise: self.exercise.clone(), line });
    }

    /// Shows the next of the scenarios that failed in full, and after the last one the first again.
    pub(super) fn open_next(&mut self, cx: &mut Context<'_>) {
        self.opened = (self.opened + 1) % failures(cx.model, &self.exercise).max(1);
        self.hints_first = false;
        cx.scroll_to(Scroll::TOP);
    }

    /// Puts the starter back. Only the same key right after the question means yes.
    pub(super) fn reset(&self, cx: &mut Context<'_>) {
        if !matches!(cx.held, Some(Held::ResetAsked(_))) {
            cx.model.held = Some(Held::ResetAsked(self.exercise.clone()));
            return;
        }
        match cx.model.course.files(&self.exercise) {
            Ok(files) => {
                cx.model.work.reports.remove(&self.exercise);
                cx.ask(Effect::Reset { exercise: self.exercise.clone(), starter: files.starter });
            }
            Err(unknown) => cx.say(Tone::Bad, unknown.to_string()),
        }
    }
}

/// How many scenarios of the last check can be opened.
pub(super) fn failures(model: &Model, exercise: &str) -> usize {
    model.work.reports.get(exercise).map_or(0, |report| report.failures().len())
}

/// The place to open in an editor while this one of the scenarios that failed is shown.
pub(super) fn location(report: &CheckReport, opened: usize) -> Option<&Location> {
    match report.failures().get(opened) {
        Some(scenario) if opened > 0 => scenario.location.as_ref(),
        Some(_) | None => report.location.as_ref(),
    }
}
