//! The effect of each message on the screen.
//!
//! Pure: no terminal, no clock, no network. Work outside the model is returned as [`Effect`]s. Messages about the
//! current step go on to its own room in `steps/`.

mod act;
mod attention;
mod checks;
mod monitor;
mod reload;
#[cfg(test)]
mod tests;
mod turn;

use crossterm::event::KeyEvent;
use judge::{CheckError, CheckReport};

use super::bindings::{self, Action};
use super::context::Context;
use super::jobs::Job;
use super::message::{Effect, Message, StepBug};
use super::model::{Model, Size, Tone};
use super::screen::Screen;
use super::steps::{News, Written};
use crate::coursework::bug::PlantError;
use crate::progress::{FileError, Note};
use turn::with_step;

/// How long the status line keeps a message.
const STATUS_MS: u64 = 12_000;

/// Handles one message.
pub fn update(screen: &mut Screen, message: Message) -> Vec<Effect> {
    attention::count(&mut screen.model, &message);
    let mut effects = Vec::new();
    take(screen, message, &mut effects);
    effects
}

fn take(screen: &mut Screen, message: Message, effects: &mut Vec<Effect>) {
    let model = &mut screen.model;
    match message {
        Message::Key(key) => press(screen, key, effects),
        Message::Paste(text) => write(screen, Written::Paste(&text), effects),
        Message::Resize { columns, rows } => model.size = Size { columns, rows },
        Message::Time { now_ms, unix_seconds } => time_passes(&mut Context::new(model, effects), now_ms, unix_seconds),
        Message::Embedded(record) => monitor::embedded(model, &record),
        Message::LiveStarted { exercise, address } => {
            monitor::live_started(&mut Context::new(model, effects), exercise, address);
        }
        Message::Live(record) => monitor::live(model, &record),
        Message::LivePrinted(line) => monitor::live_printed(model, &line),
        Message::LiveEnded(why) => monitor::live_ended(model, why),
        Message::Editing => model.is_in_editor = true,
        Message::Edited => {
            model.is_in_editor = false;
            Context::new(model, effects).save();
        }
        Message::PrepareProgress(progress) => model.work.prepared = Some(progress),
        Message::JobProgress { job, progress } => model.work.jobs.advance(job, progress),
        Message::Prepared(built) => checks::prepared(model, &built),
        Message::Checked { exercise, result } => checked(screen, &exercise, result, effects),
        Message::AssertionTried { about, result } => {
            model.work.jobs.end(Job::Try);
            tell(screen, News::AssertionTried { about: &about, result }, effects);
        }
        Message::FixChecked { about, result } => {
            model.work.jobs.end(Job::Fix);
            tell(screen, News::FixChecked { about: &about, result }, effects);
        }
        Message::Planted { result: Err(error), .. } => model.say(Tone::Bad, not_planted(&error)),
        Message::Planted { about, result: Ok(code) } => planted(screen, &about, &code, effects),
        Message::Saved { exercise } => tell(screen, News::Saved(&exercise), effects),
        Message::NoteLoaded { id, result } => note_loaded(screen, &id, result, effects),
        Message::Comparison { exercise, result } => {
            tell(screen, News::Comparison { exercise: &exercise, result }, effects);
        }
        Message::ShowServed { number, address } => Context::new(model, effects).show_served(number, address),
        Message::ShowRecord { number, record } => monitor::show(model, number, &record),
        Message::Shown { number, result } => Context::new(model, effects).shown(number, result),
        Message::Written { exercise } => tell(screen, News::Written(&exercise), effects),
        Message::Reset { exercise, result } => checks::was_reset(model, exercise, result),
        Message::LessonsChanged => effects.push(Effect::Reload),
        Message::Reloaded(result) => reload::reloaded(screen, result, effects),
        Message::Trouble(trouble) => model.say(Tone::Bad, trouble.to_string()),
        Message::Quit => act::quit(screen, effects),
    }
}

/// Passes news to the current step, which knows whether they are about it.
fn tell(screen: &mut Screen, news: News<'_>, effects: &mut Vec<Effect>) {
    with_step(screen, effects, |step, cx| step.hear(cx, news));
}

fn note_loaded(screen: &mut Screen, id: &str, result: Result<Option<Note>, FileError>, effects: &mut Vec<Effect>) {
    let note = result.unwrap_or_else(|error| {
        screen.model.say(Tone::Bad, error.to_string());
        None
    });
    tell(screen, News::NoteLoaded { id, note: note.as_ref() }, effects);
}

/// Records the verdict, wherever the learner is, and then tells the step.
fn checked(
    screen: &mut Screen,
    exercise: &str,
    result: Result<Box<CheckReport>, CheckError>,
    effects: &mut Vec<Effect>,
) {
    screen.model.work.jobs.end(Job::Check);
    let verdict = result.as_ref().ok().map(|report| report.verdict);
    checks::checked(&mut Context::new(&mut screen.model, effects), exercise, result);
    if let Some(verdict) = verdict {
        tell(screen, News::Checked { exercise, verdict }, effects);
    }
}

/// Tells the step. A learner who has gone on finds the catalogue when they come back; but a step that had an earlier
/// bug must forget that one.
fn planted(screen: &mut Screen, about: &StepBug, code: &str, effects: &mut Vec<Effect>) {
    let model = &mut screen.model;
    if model.key() == about.step || model.progress.kinds.debug.get(&about.step).is_some() {
        model.progress.kinds.debug.plant(&about.step, &about.bug, code);
        Context::new(model, effects).save();
        tell(screen, News::Planted(about), effects);
    }
}

fn not_planted(error: &PlantError) -> String {
    match error {
        PlantError::OtherCode { .. } => format!("{error}. Re-type it, or press w to take it."),
        PlantError::Unreadable(_) | PlantError::File(_) => error.to_string(),
    }
}

fn press(screen: &mut Screen, key: KeyEvent, effects: &mut Vec<Effect>) {
    let held = screen.model.held.take();
    match bindings::action(screen, key) {
        Some(Action::Step) => with_step(screen, effects, |step, cx| {
            cx.held = held;
            step.press(cx, key);
        }),
        Some(Action::Workshop(deed)) => act::act(screen, deed, effects),
        None => write(screen, Written::Key(key), effects),
    }
}

/// Passes typed or pasted text on, if a text takes it.
fn write(screen: &mut Screen, written: Written<'_>, effects: &mut Vec<Effect>) {
    if screen.model.overlay.is_none() && screen.step.input().takes_text() {
        with_step(screen, effects, |step, cx| step.write(cx, written));
    }
}

fn time_passes(cx: &mut Context<'_>, now_ms: u64, unix_seconds: u64) {
    let model = &mut *cx.model;
    (model.now_ms, model.unix_seconds) = (now_ms, unix_seconds);
    model.pane.embedded.tick(now_ms);
    if let Some(live) = &mut model.pane.live {
        live.monitor.tick(now_ms);
    }
    if let Some(server) = model.pane.show.as_mut().and_then(|show| show.server.as_mut()) {
        server.monitor.tick(now_ms);
    }
    fade_status(model);
    cx.end_seen_show();
}

/// Removes a status after a while. Its time starts only when the learner can see it.
fn fade_status(model: &mut Model) {
    let Some(status) = &mut model.status else { return };
    if model.is_in_editor {
        status.at_ms = model.now_ms;
    } else if model.now_ms.saturating_sub(status.at_ms) > STATUS_MS {
        model.status = None;
    }
}
