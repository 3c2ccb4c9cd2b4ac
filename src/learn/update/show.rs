//! What a step tells, happening on the embedded server.
//!
//! Meanwhile the monitor is about that alone, single events among it, and for a while after the last step, so that the eye
//! can find who received what. Then, or when the learner goes on, it is again as the learner had it.

use super::super::message::{Effect, Played};
use super::super::model::{Model, Shown, WatchedShow};
use super::super::trouble::ShowError;
use crate::monitor::Filter;

/// How long the clients stay after the last step: time to change to the monitor, and to read it.
const STAY_MS: u64 = 15_000;

/// Plays what the step shows, if it shows something. Pressing the key again plays it again.
pub(super) fn show(model: &mut Model) -> Vec<Effect> {
    let Some(show) = model.step().show.clone() else { return Vec::new() };
    let mut effects = model.end_show();
    model.work.shown = Some(Shown::Playing);
    let pane = &mut model.pane;
    pane.frozen = None;
    // That a client is gone may be the point.
    pane.embedded.keep_gone(true);
    pane.selected = None;
    let filter = Filter { socket: None, traffic: true, since: Some(pane.embedded.mark()) };
    let filter_before = std::mem::replace(&mut pane.filter, filter);
    pane.show = Some(WatchedShow { filter_before, until_ms: None });
    effects.push(Effect::Show(show));
    effects
}

/// The learner may have gone on meanwhile, where something else is shown or nothing.
pub(super) fn shown(model: &mut Model, name: &str, result: Result<Played, ShowError>) -> Vec<Effect> {
    let is_here = model.step().show.as_ref().is_some_and(|show| show.name == name);
    if !is_here || model.work.shown.is_none() {
        return Vec::new();
    }
    let effects = match (&result, &mut model.pane.show) {
        (Ok(_), Some(show)) => {
            show.until_ms = Some(model.now_ms + STAY_MS);
            Vec::new()
        }
        _ => model.end_show(),
    };
    model.work.shown = Some(Shown::Played(result));
    model.scroll = super::super::view::layout::max_scroll(model);
    effects
}

/// Ends a show that has been seen. Whoever has frozen the picture still looks at it.
pub(super) fn time_passes(model: &mut Model) -> Vec<Effect> {
    let until_ms = model.pane.show.as_ref().and_then(|show| show.until_ms);
    let is_over = until_ms.is_some_and(|until_ms| model.now_ms >= until_ms) && model.pane.frozen.is_none();
    if is_over { model.end_show() } else { Vec::new() }
}
