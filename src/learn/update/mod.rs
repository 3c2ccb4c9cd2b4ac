//! What each message does to the model.
//!
//! Pure: no terminal, no clock, no network. What has to happen outside is returned as [`Effect`]s.

mod act;
mod attention;
mod debug;
mod exercise;
mod show;
#[cfg(test)]
mod tests;
mod watch;
mod write;

use crossterm::event::KeyEvent;

use super::bindings::{self, Action};
use super::message::{Effect, Message};
use super::model::{Held, Model, Tone};
use super::screen::Screen;

/// How long the status line keeps what it said.
const STATUS_MS: u64 = 12_000;

/// Takes one message.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    attention::count(model, &message);
    match message {
        Message::Key(key) => press(model, key),
        Message::Paste(text) => write::paste(model, &text),
        Message::Resize { columns, rows } => {
            model.size = super::model::Size { columns, rows };
            Vec::new()
        }
        Message::Time { now_ms, unix_seconds } => time_passes(model, now_ms, unix_seconds),
        Message::Embedded(record) => {
            watch::embedded(model, &record);
            Vec::new()
        }
        Message::LiveStarted { exercise, address } => watch::live_started(model, exercise, address),
        Message::Live(record) => {
            watch::live(model, &record);
            Vec::new()
        }
        Message::LivePrinted(line) => {
            watch::live_printed(model, &line);
            Vec::new()
        }
        Message::LiveEnded(why) => watch::live_ended(model, why),
        Message::Editing => {
            model.is_in_editor = true;
            Vec::new()
        }
        Message::Edited => {
            model.is_in_editor = false;
            vec![model.save()]
        }
        Message::Saved { exercise } => exercise::saved(model, &exercise),
        Message::PrepareProgress(progress) => {
            model.work.prepared = Some(progress);
            Vec::new()
        }
        Message::JobProgress { job, progress } => {
            model.work.jobs.advance(job, progress);
            Vec::new()
        }
        Message::Prepared(built) => {
            exercise::prepared(model, built);
            Vec::new()
        }
        Message::Checked { exercise, result } => exercise::checked(model, &exercise, result),
        Message::Planted { bug, result } => debug::planted(model, &bug, result),
        Message::AssertionTried(result) => debug::assertion_tried(model, result),
        Message::FixChecked(result) => debug::fix_checked(model, result),
        Message::NoteLoaded { id, note } => {
            write::note_loaded(model, &id, note);
            Vec::new()
        }
        Message::Comparison { exercise, result } => {
            write::comparison(model, &exercise, result);
            Vec::new()
        }
        Message::Shown { name, result } => show::shown(model, &name, result),
        Message::Written { exercise } => {
            write::written(model, &exercise);
            Vec::new()
        }
        Message::Reset { exercise, result } => {
            exercise::was_reset(model, exercise, result);
            Vec::new()
        }
        Message::Trouble(trouble) => {
            model.say(Tone::Bad, trouble.to_string());
            Vec::new()
        }
        Message::Quit => act::quit(model),
    }
}

fn press(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let held = model.held.take();
    if let Some(action) = bindings::action(model, key) {
        // Only the same key right after the question is a yes.
        if action == Action::Reset && !matches!(held, Some(Held::ResetAsked(_))) {
            return exercise::ask_to_reset(model);
        }
        return act::act(model, action);
    }
    if model.overlay.is_some() {
        return Vec::new();
    }
    match &mut model.screen {
        Screen::Retype(screen) if screen.active => write::type_key(model, key),
        screen => {
            if let Some(editor) = screen.editor_mut().filter(|editor| editor.writing) {
                editor.press(key);
            }
            Vec::new()
        }
    }
}

fn time_passes(model: &mut Model, now_ms: u64, unix_seconds: u64) -> Vec<Effect> {
    (model.now_ms, model.unix_seconds) = (now_ms, unix_seconds);
    model.pane.embedded.tick(now_ms);
    if let Some(live) = &mut model.pane.live {
        live.monitor.tick(now_ms);
    }
    fade_status(model);
    show::time_passes(model)
}

/// A status is gone after a while. While the learner cannot see it, its time does not begin.
fn fade_status(model: &mut Model) {
    let Some(status) = &mut model.status else { return };
    if model.is_in_editor {
        status.at_ms = model.now_ms;
    } else if model.now_ms.saturating_sub(status.at_ms) > STATUS_MS {
        model.status = None;
    }
}
