//! The edit-check loop.

use judge::report::Verdict;

use crate::course::Body;
use crate::progress::step_key;
use judge::CheckReport;

use super::super::message::Effect;
use super::super::model::{Held, Model, Running, Tone};
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
    start(model, "checking");
    vec![Effect::Check { exercise }]
}

pub(super) fn start(model: &mut Model, what: &'static str) {
    model.work.running = Some(Running { what, since_ms: model.now_ms });
    model.work.progress = None;
    model.status = None;
}

pub(super) fn checked(model: &mut Model, exercise: &str, result: Result<Box<CheckReport>, String>) -> Vec<Effect> {
    model.work.running = None;
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
    model.progress.attempted(exercise);
    let passed = report.verdict == Verdict::Passed;
    if passed {
        model.progress.passed(exercise, &report.code, model.unix_seconds);
        finish_steps(model, exercise);
    }
    model.say(if passed { Tone::Good } else { Tone::Bad }, summary(&report));
    model.work.reports.insert(exercise.to_owned(), report);
    if here {
        model.screen = Screen::Page { hints_first: false };
        model.scroll = 0;
    }
    vec![model.save()]
}

/// The learner may have gone on while the check was under way.
fn finish_steps(model: &mut Model, exercise: &str) {
    for lesson in &model.course.lessons {
        for step in &lesson.steps {
            let solved = match &step.body {
                Body::Exercise(of) | Body::Project(of) | Body::Recall(of) => of.exercise == exercise,
                _ => false,
            };
            if solved {
                model.progress.finish(&step_key(&lesson.id, &step.id), model.unix_seconds);
            }
        }
    }
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

pub(super) fn prepared(model: &mut Model, trouble: Option<String>) {
    model.work.preparing = false;
    model.work.prepared = None;
    if let Some(trouble) = trouble {
        let first = trouble.lines().next().unwrap_or_default().to_owned();
        model.say(Tone::Bad, format!("The exercises cannot be built: {first}"));
    }
}

pub(super) fn hint(model: &mut Model) -> Vec<Effect> {
    let Some(exercise) = model.exercise() else { return Vec::new() };
    let (id, available) = (exercise.id.clone(), exercise.hints.len());
    let before = model.progress.exercise(&id).hints;
    let shown = model.progress.reveal_hint(&id, available);
    if shown == before {
        model.say(Tone::Plain, "There are no more hints.");
    } else {
        model.say(Tone::Plain, format!("Hint {shown} of {available}."));
    }
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

pub(super) fn live(model: &mut Model) -> Vec<Effect> {
    if model.pane.live.is_some() {
        model.say(Tone::Plain, "Your server is stopped; the monitor shows the workshop's own again.");
        return vec![Effect::StopLive];
    }
    let Some(exercise) = model.step().body.exercise().map(str::to_owned) else { return Vec::new() };
    start(model, "starting your server");
    vec![Effect::StartLive { exercise }]
}
