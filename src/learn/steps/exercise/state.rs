//! The edit-check loop of one exercise.

use judge::report::Verdict;

use crate::coursework::hint;
use crate::learn::context::Context;
use crate::learn::message::Effect;
use crate::learn::model::{Held, Scroll, Tone};

/// An exercise: to solve, to build a project, or to recall.
#[derive(Debug)]
pub struct ExerciseScreen {
    pub(super) exercise: String,
    /// Whether the hints are above the verdict, because they were asked for last.
    pub hints_first: bool,
}

impl ExerciseScreen {
    pub(in crate::learn::steps) fn open(exercise: &str) -> Self {
        Self { exercise: exercise.to_owned(), hints_first: false }
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
        let location = cx.model.work.reports.get(&self.exercise).and_then(|report| report.location.as_ref());
        let line = location.map(|location| location.line);
        cx.ask(Effect::EditExercise { exercise: self.exercise.clone(), line });
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
