//! The monitor: the servers' records, and the learner's choice of them.

use rooms::observer::Record;

use crate::text::{clean, truncate};

use super::super::context::Context;
use super::super::jobs::Job;
use super::super::message::Effect;
use super::super::model::{LiveServer, Model, Tone};
use super::super::trouble::ServerError;

/// Lines of the learner's own output that are kept.
const PRINTED: usize = 50;

/// Columns that are kept of a line: more than any terminal shows, because each frame measures it.
const PRINTED_COLUMNS: usize = 500;

pub(super) fn embedded(model: &mut Model, record: &Record) {
    model.pane.embedded.apply(record);
}

pub(super) fn live(model: &mut Model, record: &Record) {
    if let Some(live) = &mut model.pane.live {
        live.monitor.apply(record);
    }
}

pub(super) fn show(model: &mut Model, number: u64, record: &Record) {
    if let Some(server) = model.pane.show_with(number).and_then(|show| show.server.as_mut()) {
        server.monitor.apply(record);
    }
}

pub(super) fn live_printed(model: &mut Model, line: &str) {
    if let Some(live) = &mut model.pane.live {
        if live.printed.len() >= PRINTED {
            live.printed.remove(0);
        }
        live.printed.push(truncate(&clean(line), PRINTED_COLUMNS).into_owned());
    }
}

pub(super) fn live_started(cx: &mut Context<'_>, exercise: String, address: String) {
    let model = &mut *cx.model;
    // The learner may have gone on while it was being built.
    if model.step().body.exercise() != Some(exercise.as_str()) {
        return cx.ask(Effect::StopLive);
    }
    model.work.jobs.end(Job::Serve);
    model.say(Tone::Good, format!("Your {exercise} serves on {address}; the clients are there now."));
    model.pane.live = Some(LiveServer { exercise, address, ..LiveServer::default() });
    model.pane.frozen = None;
    model.pane.selected = None;
    model.pane.filter.socket = None;
}

pub(super) fn live_ended(model: &mut Model, why: Option<ServerError>) {
    model.work.jobs.end(Job::Serve);
    model.pane.live = None;
    model.pane.frozen = None;
    model.pane.selected = None;
    model.pane.filter.socket = None;
    if let Some(why) = why {
        let why = why.to_string();
        let first = clean(why.lines().next().unwrap_or_default());
        model.say(Tone::Bad, format!("Your server does not run: {first}"));
    }
}

pub(super) fn freeze(model: &mut Model) {
    model.pane.frozen = match model.pane.frozen.take() {
        Some(_) => None,
        None => Some(model.pane.current().snapshot()),
    };
}

pub(super) fn follow(model: &mut Model) {
    let following = model.pane.filter.socket.take();
    if following.is_none() {
        model.pane.filter.socket = model.pane.selected.clone();
        if model.pane.selected.is_none() {
            model.say(Tone::Plain, "Choose a socket with ↑ and ↓ first.");
        }
    }
}

/// Moves the choice among the sockets.
pub(super) fn choose(model: &mut Model, lines: i16) {
    let ids: Vec<_> = model.pane.sockets().into_iter().map(|socket| socket.id.clone()).collect();
    let chosen = model.pane.selected.as_ref().and_then(|id| ids.iter().position(|other| other == id));
    let next = match chosen {
        Some(index) => index.saturating_add_signed(lines.into()).min(ids.len().saturating_sub(1)),
        None => 0,
    };
    model.pane.selected = ids.get(next).cloned();
    if model.pane.filter.socket.is_some() {
        model.pane.filter.socket.clone_from(&model.pane.selected);
    }
}
