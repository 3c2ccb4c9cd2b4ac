//! What a step tells, happening on the embedded server.

use super::super::message::Effect;
use super::super::model::{Model, Shown};

/// Plays what the step shows, if it shows something. Pressing the key again plays it again.
pub(super) fn show(model: &mut Model) -> Vec<Effect> {
    let Some(show) = model.step().show.clone() else { return Vec::new() };
    model.work.shown = Some(Shown::Playing);
    vec![Effect::Show(show)]
}

/// The learner may have gone on meanwhile, where something else is shown or nothing.
pub(super) fn shown(model: &mut Model, name: &str, result: Result<String, String>) {
    let is_here = model.step().show.as_ref().is_some_and(|show| show.name == name);
    if is_here && model.work.shown.is_some() {
        model.work.shown = Some(Shown::Played(result));
        model.scroll = super::super::view::layout::max_scroll(model);
    }
}
