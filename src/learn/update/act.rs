//! Carries out the actions that mean the same in every step.

use super::super::bindings::{Deed, Edge};
use super::super::context::Context;
use super::super::message::Effect;
use super::super::model::{Focus, Model, Overlay, Position, Scroll, Tone};
use super::super::screen::Screen;
use super::super::steps::StepScreen;
use super::monitor;
use super::turn::{next, with_step};

pub(super) fn act(screen: &mut Screen, deed: Deed, effects: &mut Vec<Effect>) {
    let model = &mut screen.model;
    match deed {
        Deed::Quit => quit(screen, effects),
        Deed::Help => model.overlay = Some(Overlay::Help),
        Deed::Outline => model.overlay = Some(Overlay::Outline(model.position)),
        Deed::Close => model.overlay = None,
        Deed::GoToChosen => go_to_chosen(screen, effects),
        Deed::Next => next(screen, effects),
        Deed::Previous => previous(screen, effects),
        Deed::SwitchPane => switch_pane(screen, effects),
        Deed::Move(lines) => move_by(screen, lines),
        Deed::Page(pages) => page(screen, pages),
        Deed::Edge(end) => edge(model, end),
        Deed::StopLive => Context::new(model, effects).stop_live(),
        Deed::Freeze => monitor::freeze(model),
        Deed::Traffic => model.pane.filter.traffic = !model.pane.filter.traffic,
        Deed::Follow => monitor::follow(model),
    }
}

pub(super) fn quit(screen: &mut Screen, effects: &mut Vec<Effect>) {
    with_step(screen, effects, |step, cx| {
        step.stop(cx);
        cx.leave();
        cx.save();
        cx.ask(Effect::Quit);
    });
}

fn go_to_chosen(screen: &mut Screen, effects: &mut Vec<Effect>) {
    if let Some(Overlay::Outline(position)) = screen.model.overlay.take() {
        screen.go_to(position, effects);
    }
}

fn previous(screen: &mut Screen, effects: &mut Vec<Effect>) {
    match screen.model.before(screen.model.position) {
        Some(position) => screen.go_to(position, effects),
        None => screen.model.say(Tone::Plain, "This is the first step."),
    }
}

fn switch_pane(screen: &mut Screen, effects: &mut Vec<Effect>) {
    screen.model.focus = match screen.model.focus {
        Focus::Step => Focus::Monitor,
        Focus::Monitor => Focus::Step,
    };
    // A learner who looks at the monitor is not typing.
    if screen.model.focus == Focus::Monitor {
        with_step(screen, effects, StepScreen::stop);
    }
}

/// Moves by lines: the chosen step, the chosen socket, the step's own choice, or the text.
fn move_by(screen: &mut Screen, lines: i16) {
    let model = &mut screen.model;
    if let Some(Overlay::Outline(position)) = model.overlay {
        let chosen = if lines < 0 { model.before(position) } else { model.after(position) };
        model.overlay = Some(Overlay::Outline(chosen.unwrap_or(position)));
    } else if model.focus == Focus::Monitor {
        monitor::choose(model, lines);
    } else if let Some(choice) = screen.step.choice(model) {
        choice.move_by(lines);
    } else {
        model.scroll_by(lines);
    }
}

fn page(screen: &mut Screen, pages: i16) {
    if let Some(Overlay::Outline(_)) = screen.model.overlay {
        for _ in 0..5 {
            move_by(screen, pages);
        }
    } else if screen.model.focus == Focus::Step {
        let rows = i16::try_from(screen.model.measured.rows).unwrap_or(i16::MAX);
        screen.model.scroll_by(pages.saturating_mul((rows - 2).max(1)));
    }
}

fn edge(model: &mut Model, edge: Edge) {
    if let Some(Overlay::Outline(Position { lesson, .. })) = model.overlay {
        let step = match edge {
            Edge::Top => 0,
            Edge::End => model.course.lessons[lesson].steps.len() - 1,
        };
        model.overlay = Some(Overlay::Outline(Position { lesson, step }));
    } else if model.focus == Focus::Step {
        model.scroll = match edge {
            Edge::Top => Scroll::TOP,
            Edge::End => Scroll::End,
        };
    }
}
