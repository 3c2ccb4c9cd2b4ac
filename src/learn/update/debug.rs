//! Planting a bug, proving it, mending it.
//!
//! The stages: the learner **observes** the buggy server, writes an **assertion** that must fail on it and hold on a
//! correct server, and **fixes** the code until the assertion and the example's own scenarios hold.

use judge::report::Verdict;

use crate::coursework::assertion::{Tried, TryError};
use crate::coursework::bug::{PlantError, worked_example};
use crate::coursework::fix::{self, Fix};
use crate::progress::DebugStage;

use super::super::jobs::Job;
use super::super::message::Effect;
use super::super::model::{Model, Tone};
use super::super::screen::Screen;
use super::exercise::start;

pub(super) fn plant(model: &mut Model) -> Vec<Effect> {
    let Screen::Debug { selected, .. } = model.screen else { return Vec::new() };
    let count = model.debug().map_or(0, |debug| debug.bugs.len());
    if selected >= count { surprise(model) } else { plant_number(model, selected) }
}

pub(super) fn surprise(model: &mut Model) -> Vec<Effect> {
    let count = model.debug().map_or(0, |debug| debug.bugs.len() as u64);
    let number = model.dice.checked_rem(count).and_then(|number| usize::try_from(number).ok());
    number.map(|number| plant_number(model, number)).unwrap_or_default()
}

fn plant_number(model: &mut Model, number: usize) -> Vec<Effect> {
    let Some(debug) = model.debug() else { return Vec::new() };
    let Some(bug) = debug.bugs.get(number) else { return Vec::new() };
    let (exercise, bug) = (debug.exercise.clone(), Box::new(bug.clone()));
    // A buggy file is no base for the next bug.
    let example = worked_example(model.lesson(), &exercise).map(str::to_owned);
    let planted_before = model.debug_stage().is_some_and(|stage| stage != DebugStage::Fixed);
    let mut effects = Vec::new();
    if let Some(text) = example.filter(|_| planted_before) {
        effects.push(Effect::WriteExercise { exercise: exercise.clone(), text });
    }
    effects.push(Effect::Plant { exercise, bug });
    effects
}

pub(super) fn planted(model: &mut Model, bug: &str, result: Result<String, PlantError>) -> Vec<Effect> {
    let code = match result {
        Ok(code) => code,
        Err(error) => {
            model.say(Tone::Bad, not_planted(&error));
            return Vec::new();
        }
    };
    // The learner may have gone on in the same moment; the catalogue will be there when they come back.
    let Some(debug) = model.debug().filter(|debug| debug.bugs.iter().any(|known| known.id == bug)) else {
        return Vec::new();
    };
    let exercise = debug.exercise.clone();
    let key = model.key();
    model.progress.planted(&key, bug, &code);
    model.screen = Screen::Debug { selected: 0, choosing: false, proof: false };
    model.work.assertion = None;
    model.work.fix = None;
    model.scroll = 0;
    start(model, Job::ServeBug);
    vec![model.save(), Effect::StartLive { exercise }]
}

fn not_planted(error: &PlantError) -> String {
    match error {
        PlantError::OtherCode { .. } => format!("{error}. Re-type it, or press w to take it."),
        PlantError::Unreadable(_) | PlantError::File(_) => error.to_string(),
    }
}

pub(super) fn choose_another(model: &mut Model) -> Vec<Effect> {
    let choosing = !matches!(model.screen, Screen::Debug { choosing: true, .. });
    model.screen = Screen::Debug { selected: 0, choosing, proof: false };
    model.scroll = 0;
    Vec::new()
}

pub(super) fn assert(model: &mut Model) -> Vec<Effect> {
    let Some((bug, _)) = model.debugging() else { return Vec::new() };
    let bug = bug.id.clone();
    let key = model.key();
    model.progress.debug_stage(&key, DebugStage::Asserting);
    model.scroll = 0;
    vec![model.save(), Effect::EditAssertion { bug }]
}

pub(super) fn hint(model: &mut Model) -> Vec<Effect> {
    if let Screen::Debug { proof, .. } = &mut model.screen {
        *proof = !*proof;
        model.scroll = 0;
    }
    Vec::new()
}

pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    let Some(debug) = model.debug() else { return Vec::new() };
    let exercise = debug.exercise.clone();
    match (model.debug_stage(), model.debugging()) {
        (Some(DebugStage::Asserting), Some((bug, _))) => vec![Effect::EditAssertion { bug: bug.id.clone() }],
        _ => vec![Effect::EditExercise { exercise, line: None }],
    }
}

pub(super) fn saved(model: &mut Model) -> Vec<Effect> {
    match model.debug_stage() {
        Some(DebugStage::Fixing) => check(model),
        _ => Vec::new(),
    }
}

pub(super) fn check(model: &mut Model) -> Vec<Effect> {
    let Some(debug) = model.debug() else { return Vec::new() };
    let exercise = debug.exercise.clone();
    let Some((bug, progress)) = model.debugging() else { return Vec::new() };
    let (bug, planted) = (bug.id.clone(), progress.planted.clone());
    match model.debug_stage() {
        Some(DebugStage::Asserting) => {
            start(model, Job::Try);
            vec![Effect::TryAssertion { exercise, bug, planted }]
        }
        Some(DebugStage::Fixing) => {
            start(model, Job::Fix);
            vec![Effect::CheckFix { exercise, bug }]
        }
        _ => Vec::new(),
    }
}

pub(super) fn assertion_tried(model: &mut Model, result: Result<Tried, TryError>) -> Vec<Effect> {
    model.work.jobs.end(Job::Try);
    if model.debug_stage() != Some(DebugStage::Asserting) {
        return Vec::new();
    }
    let proves = result.as_ref().is_ok_and(Tried::proves);
    model.work.assertion = Some(result);
    model.scroll = 0;
    if !proves {
        model.say(Tone::Bad, "The assertion does not prove the bug yet; the reason is above.");
        return Vec::new();
    }
    let key = model.key();
    model.progress.debug_stage(&key, DebugStage::Fixing);
    model.say(Tone::Good, "Proved: it fails on the buggy server and only there. Now fix the code.");
    vec![model.save()]
}

pub(super) fn fix_checked(model: &mut Model, result: Result<Box<Fix>, TryError>) -> Vec<Effect> {
    model.work.jobs.end(Job::Fix);
    if model.debug_stage() != Some(DebugStage::Fixing) {
        return Vec::new();
    }
    let fix = match result {
        Ok(fix) => *fix,
        Err(error) => {
            model.work.fix = Some(error.to_string());
            return Vec::new();
        }
    };
    if fix.check.verdict == Verdict::Stale {
        return check(model);
    }
    let key = model.key();
    fix::record(&mut model.progress, &model.course, &key, &fix, model.unix_seconds);
    model.work.fix = fix.left();
    model.scroll = 0;
    let mut effects = vec![model.save()];
    if model.work.fix.is_some() {
        model.say(Tone::Bad, "Not fixed yet; the reason is above.");
        return effects;
    }
    model.say(Tone::Good, "Fixed: your assertion and all scenarios hold.");
    if model.pane.live.is_some() {
        effects.push(Effect::StopLive);
    }
    effects
}

/// Writes the worked example into the file, for those who skipped the typing or changed the file since.
pub(super) fn take_example(model: &mut Model) -> Vec<Effect> {
    let Some(exercise) = model.debug().map(|debug| debug.exercise.clone()) else { return Vec::new() };
    let Some(text) = worked_example(model.lesson(), &exercise).map(str::to_owned) else { return Vec::new() };
    model.say(Tone::Plain, format!("{exercise}.rs is the worked example now; yours is kept in backups."));
    vec![Effect::WriteExercise { exercise, text }]
}
