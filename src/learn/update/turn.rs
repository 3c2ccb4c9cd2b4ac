//! Gives the current step its turn, after which it may go on to the next one.

use super::super::context::Context;
use super::super::message::Effect;
use super::super::model::{Model, Tone};
use super::super::screen::Screen;
use super::super::steps::StepScreen;
use crate::text::width;

/// Lets the current step do something, and goes on to the next one if it asks for that.
pub(super) fn with_step(
    screen: &mut Screen,
    effects: &mut Vec<Effect>,
    deed: impl FnOnce(&mut dyn StepScreen, &mut Context<'_>),
) {
    let mut cx = Context::new(&mut screen.model, effects);
    deed(screen.step.as_mut(), &mut cx);
    if cx.goes_on() {
        next(screen, effects);
    }
}

/// On to the next step, or in the last one to what is still open.
pub(super) fn next(screen: &mut Screen, effects: &mut Vec<Effect>) {
    screen.step.go_on(&mut Context::new(&mut screen.model, effects));
    match screen.model.after(screen.model.position) {
        Some(position) => screen.go_to(position, effects),
        None => say_what_is_open(&mut screen.model),
    }
}

/// At the end of the last lesson, says which of its steps are not done.
fn say_what_is_open(model: &mut Model) {
    let open: Vec<_> = model.open_steps().map(|step| step.title.as_str()).collect();
    if open.is_empty() {
        return model.say(Tone::Good, "This is the last step. All steps of the lesson are done; q leaves.");
    }
    let (before, after) = ("Still open: ", "; g goes there.");
    // The status line has a blank on each side.
    let room = usize::from(model.size.columns).saturating_sub(2 + width(before) + width(after));
    let text = format!("{before}{}{after}", as_many_as_fit(&open, room));
    model.say(Tone::Plain, text);
}

/// The first of these names, and how many more there are.
fn as_many_as_fit(names: &[&str], room: usize) -> String {
    let listed = |count: usize| match names.len() - count {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..count].join(", ")),
    };
    (1..=names.len()).rev().map(listed).find(|text| width(text) <= room).unwrap_or_else(|| listed(1))
}
