//! Planting a bug, proving it, fixing it.
//!
//! The stages: the learner **observes** the buggy server, writes an **assertion** that must fail on it and hold on a
//! correct server, and **fixes** the code until the assertion and the example's own scenarios hold.

use std::sync::Arc;

use judge::report::Verdict;
use layout::CodeFile;

use crate::course::steps::{Bug, Debug};
use crate::coursework::assertion::{Tried, TryError};
use crate::coursework::fix::{self, Fix};
use crate::learn::context::Context;
use crate::learn::jobs::Job;
use crate::learn::message::{Effect, StepBug};
use crate::learn::model::{Model, Scroll, Tone};
use crate::progress::steps::{DebugProgress, DebugStage};

/// A bug to choose or to find.
#[derive(Debug)]
pub struct DebugScreen {
    pub(super) debug: Arc<Debug>,
    /// The chosen line of the catalogue; the last one is "surprise me".
    pub selected: usize,
    /// Whether the catalogue is shown although a bug is planted.
    pub choosing: bool,
    /// Whether a way to complete the assertion is shown.
    pub proof: bool,
    /// The results of the learner's last assertion.
    pub assertion: Option<Result<Tried, TryError>>,
    /// Why the last fix is not complete.
    pub fix: Option<String>,
}

impl DebugScreen {
    pub(in crate::learn::steps) fn open(debug: Arc<Debug>) -> Self {
        Self { debug, selected: 0, choosing: false, proof: false, assertion: None, fix: None }
    }

    /// How far the learner is with the bug that is planted, or was last.
    pub fn debugging<'a>(&'a self, model: &'a Model) -> Option<(&'a Bug, &'a DebugProgress)> {
        let progress = model.progress.kinds.debug.get(&model.key())?;
        let bug = self.debug.bugs.iter().find(|bug| bug.id == progress.bug)?;
        Some((bug, progress))
    }

    /// The stage of that bug.
    pub fn stage(&self, model: &Model) -> Option<DebugStage> {
        self.debugging(model).map(|(_, progress)| progress.stage)
    }

    pub(super) fn plant_chosen(&self, cx: &mut Context<'_>) {
        match self.debug.bugs.get(self.selected) {
            Some(bug) => self.plant(cx, bug),
            None => self.surprise(cx),
        }
    }

    pub(super) fn surprise(&self, cx: &mut Context<'_>) {
        let number = cx.model.dice.checked_rem(self.debug.bugs.len() as u64);
        let bug = number.and_then(|number| self.debug.bugs.get(usize::try_from(number).ok()?));
        if let Some(bug) = bug {
            self.plant(cx, bug);
        }
    }

    fn plant(&self, cx: &mut Context<'_>, bug: &Bug) {
        // A buggy file is not a base for the next bug.
        if self.stage(cx.model).is_some_and(|stage| stage != DebugStage::Fixed) {
            self.write_example(cx);
        }
        let (step, exercise) = (cx.model.key(), self.debug.exercise.clone());
        cx.ask(Effect::Plant { step, exercise, bug: Box::new(bug.clone()) });
    }

    /// Writes the worked example into the file, for learners who skipped the typing or have changed the file since.
    pub(super) fn take_example(&self, cx: &mut Context<'_>) {
        let exercise = &self.debug.exercise;
        let file = CodeFile::of(exercise).name();
        cx.say(Tone::Plain, format!("{file} is the worked example now; yours is kept in backups."));
        self.write_example(cx);
    }

    fn write_example(&self, cx: &mut Context<'_>) {
        let (exercise, text) = (self.debug.exercise.clone(), self.debug.example.clone());
        cx.ask(Effect::WriteExercise { exercise, text });
    }

    /// A bug was planted.
    pub(super) fn planted(&mut self, cx: &mut Context<'_>, about: &StepBug) {
        if !self.is_about(cx.model, about) {
            return;
        }
        *self = Self::open(Arc::clone(&self.debug));
        cx.scroll_to(Scroll::TOP);
        cx.start(Job::ServeBug);
        cx.ask(Effect::StartLive { exercise: self.debug.exercise.clone() });
    }

    pub(super) fn choose_another(&mut self, cx: &mut Context<'_>) {
        (self.selected, self.choosing, self.proof) = (0, !self.choosing, false);
        cx.scroll_to(Scroll::TOP);
    }

    pub(super) fn assert(&self, cx: &mut Context<'_>) {
        let Some(bug) = self.debugging(cx.model).map(|(bug, _)| bug.id.clone()) else { return };
        reach(cx, DebugStage::Asserting);
        cx.save();
        cx.ask(Effect::EditAssertion { exercise: self.debug.exercise.clone(), bug });
    }

    pub(super) fn hint(&mut self, cx: &mut Context<'_>) {
        self.proof = !self.proof;
        cx.scroll_to(Scroll::TOP);
    }

    pub(super) fn edit(&self, cx: &mut Context<'_>) {
        let effect = match self.debugging(cx.model) {
            Some((bug, progress)) if progress.stage == DebugStage::Asserting => {
                Effect::EditAssertion { exercise: self.debug.exercise.clone(), bug: bug.id.clone() }
            }
            Some(_) | None => Effect::EditExercise { exercise: self.debug.exercise.clone(), line: None },
        };
        cx.ask(effect);
    }

    pub(super) fn saved(&self, cx: &mut Context<'_>) {
        if self.stage(cx.model) == Some(DebugStage::Fixing) {
            self.check(cx);
        }
    }

    /// Tries the assertion, or checks the fix.
    pub(super) fn check(&self, cx: &mut Context<'_>) {
        let Some((bug, progress)) = self.debugging(cx.model) else { return };
        let (exercise, planted) = (self.debug.exercise.clone(), progress.planted.clone());
        let about = StepBug { step: cx.model.key(), bug: bug.id.clone() };
        match progress.stage {
            DebugStage::Asserting => {
                cx.start(Job::Try);
                cx.ask(Effect::TryAssertion { exercise, about, planted });
            }
            DebugStage::Fixing => {
                cx.start(Job::Fix);
                cx.ask(Effect::CheckFix { exercise, about });
            }
            DebugStage::Observing | DebugStage::Fixed => {}
        }
    }

    /// Whether it is about the bug that is planted in this step, and not about an earlier one or another step's.
    fn is_about(&self, model: &Model, about: &StepBug) -> bool {
        about.step == model.key() && self.debugging(model).is_some_and(|(bug, _)| bug.id == about.bug)
    }

    pub(super) fn assertion_tried(&mut self, cx: &mut Context<'_>, about: &StepBug, result: Result<Tried, TryError>) {
        if !self.is_about(cx.model, about) || self.stage(cx.model) != Some(DebugStage::Asserting) {
            return;
        }
        let proves = result.as_ref().is_ok_and(Tried::proves);
        self.assertion = Some(result);
        cx.scroll_to(Scroll::TOP);
        if !proves {
            return cx.say(Tone::Bad, "The assertion does not prove the bug yet; the reason is above.");
        }
        reach(cx, DebugStage::Fixing);
        cx.say(Tone::Good, "Proved: it fails on the buggy server and only there. Now fix the code.");
        cx.save();
    }

    pub(super) fn fix_checked(&mut self, cx: &mut Context<'_>, about: &StepBug, result: Result<Box<Fix>, TryError>) {
        if !self.is_about(cx.model, about) || self.stage(cx.model) != Some(DebugStage::Fixing) {
            return;
        }
        match result {
            Err(TryError::NotPlayed { verdict: Verdict::Stale, .. }) => self.check(cx),
            Err(error) => self.fix = Some(error.to_string()),
            Ok(fix) => self.judged(cx, &fix),
        }
    }

    fn judged(&mut self, cx: &mut Context<'_>, fix: &Fix) {
        let (key, model) = (cx.model.key(), &mut *cx.model);
        fix::record(&mut model.progress, &model.course, &key, fix, model.unix_seconds);
        self.fix = fix.left();
        cx.scroll_to(Scroll::TOP);
        cx.save();
        if self.fix.is_some() {
            return cx.say(Tone::Bad, "Not fixed yet; the reason is above.");
        }
        cx.say(Tone::Good, "Fixed: your assertion and all scenarios hold.");
        if cx.model.pane.live.is_some() {
            cx.ask(Effect::StopLive);
        }
    }
}

/// The learner has reached a stage of the bug.
fn reach(cx: &mut Context<'_>, stage: DebugStage) {
    let key = cx.model.key();
    cx.model.progress.kinds.debug.reach(&key, stage);
    cx.scroll_to(Scroll::TOP);
}
