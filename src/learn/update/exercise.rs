//! The edit-check loop.

use judge::report::Verdict;

use crate::course::Body;
use crate::coursework::reset::ResetError;
use crate::coursework::{self, hint, reset};
use crate::progress::Replaced;
use judge::{BuildError, CheckError, CheckReport};

use super::super::jobs::Job;
use super::super::message::Effect;
use super::super::model::{Held, Model, Tone};
use super::super::screen::Screen;
use super::debug;

pub(super) fn saved(model: &mut Model, exercise: &str) -> Vec<Effect> {
    if model.step().body.exercise() != Some(exercise) {
        return Vec::new();
    }
    match &model.step().body {
        Body::Exercise(_) | Body::Project(_) | Body::Recall(_) => {
            let mut effects = check(model);
            if model.pane.live.is_some() {
                effects.push(Effect::StartLive { exercise: exercise.to_owned() });
            }
            effects
        }
        Body::Debug(_) => debug::saved(model),
        _ => Vec::new(),
    }
}

pub(super) fn check(model: &mut Model) -> Vec<Effect> {
    if matches!(model.step().body, Body::Debug(_)) {
        return debug::check(model);
    }
    let Some(exercise) = model.step().body.exercise().map(str::to_owned) else { return Vec::new() };
    start(model, Job::Check);
    vec![Effect::Check { exercise }]
}

pub(super) fn start(model: &mut Model, job: Job) {
    model.work.jobs.begin(job, model.now_ms);
    model.status = None;
}

pub(super) fn checked(model: &mut Model, exercise: &str, result: Result<Box<CheckReport>, CheckError>) -> Vec<Effect> {
    model.work.jobs.end(Job::Check);
    let here = model.step().body.exercise() == Some(exercise);
    let report = match result {
        Ok(report) => *report,
        Err(trouble) => {
            model.work.reports.remove(exercise);
            model.work.failures.insert(exercise.to_owned(), trouble);
            model.say(Tone::Bad, "The check could not be made; the reason is above the text.");
            return Vec::new();
        }
    };
    // The file was saved meanwhile: that text has a right to a verdict of its own.
    if report.verdict == Verdict::Stale && here {
        return check(model);
    }
    model.work.failures.remove(exercise);
    coursework::check::record(&mut model.progress, &model.course, &report, model.unix_seconds);
    let passed = report.verdict == Verdict::Passed;
    model.say(if passed { Tone::Good } else { Tone::Bad }, summary(&report));
    model.work.reports.insert(exercise.to_owned(), report);
    if here {
        model.screen = Screen::Page { hints_first: false };
        model.scroll = 0;
    }
    vec![model.save()]
}

fn summary(report: &CheckReport) -> String {
    let total = report.scenarios.len();
    let passed = report.passed();
    let seconds = report.seconds;
    match report.verdict {
        Verdict::Passed => format!("Passed: {passed} of {total} scenarios, {seconds:.1} s. Press n to go on."),
        Verdict::Failed => format!("Not yet: {passed} of {total} scenarios passed, {seconds:.1} s."),
        other => format!("{}: see above the text.", crate::text::sentence_case(&other.to_string())),
    }
}

pub(super) fn prepared(model: &mut Model, built: Result<(), BuildError>) {
    model.work.preparing = false;
    model.work.prepared = None;
    if let Err(error) = built {
        model.say(Tone::Bad, format!("The exercises cannot be built: {}", first_line(&error.to_string())));
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

pub(super) fn hint(model: &mut Model) -> Vec<Effect> {
    let Some(exercise) = model.exercise().cloned() else { return Vec::new() };
    let revealed = hint::reveal(&mut model.progress, &exercise);
    model.say(Tone::Plain, revealed.in_words());
    model.screen = Screen::Page { hints_first: true };
    model.scroll = 0;
    vec![model.save()]
}

pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    let Some(exercise) = model.step().body.exercise().map(str::to_owned) else { return Vec::new() };
    let location = model.work.reports.get(&exercise).and_then(|report| report.location.as_ref());
    let line = location.map(|location| location.line);
    vec![Effect::EditExercise { exercise, line }]
}

pub(super) fn ask_to_reset(model: &mut Model) -> Vec<Effect> {
    model.held = model.step().body.exercise().map(|exercise| Held::ResetAsked(exercise.to_owned()));
    Vec::new()
}

pub(super) fn reset(model: &mut Model) -> Vec<Effect> {
    let Some(exercise) = model.step().body.exercise().map(str::to_owned) else { return Vec::new() };
    match model.course.files(&exercise) {
        Ok(files) => {
            model.work.reports.remove(&exercise);
            vec![Effect::Reset { exercise, starter: files.starter }]
        }
        Err(unknown) => {
            model.say(Tone::Bad, unknown.to_string());
            Vec::new()
        }
    }
}

/// Where code was replaced, the way back stays in sight until the next key.
pub(super) fn was_reset(model: &mut Model, exercise: String, result: Result<Replaced, ResetError>) {
    match result {
        Ok(Replaced::Kept(_)) => model.held = Some(Held::Reset(exercise)),
        Ok(replaced) => model.say(Tone::Good, reset::in_words(&format!("{exercise}.rs"), &replaced)),
        Err(error) => model.say(Tone::Bad, first_line(&error.to_string())),
    }
}

pub(super) fn live(model: &mut Model) -> Vec<Effect> {
    if model.pane.live.is_some() {
        model.say(Tone::Plain, "Your server is stopped; the monitor shows the workshop's own again.");
        return vec![Effect::StopLive];
    }
    let Some(exercise) = model.step().body.exercise().map(str::to_owned) else { return Vec::new() };
    start(model, Job::Serve);
    vec![Effect::StartLive { exercise }]
}
