//! What a key asks for.

use crate::course::Body;
use crate::text::width;

use super::super::bindings::Action;
use super::super::message::Effect;
use super::super::model::{Focus, Model, Overlay, Position, Tone};
use super::super::screen::Screen;
use super::super::view::layout;
use super::{debug, exercise, show, watch, write};

pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => quit(model),
        Action::Help => overlay(model, Overlay::Help),
        Action::Outline => overlay(model, Overlay::Outline(model.position)),
        Action::Close => close(model),
        Action::GoToChosen => go_to_chosen(model),
        Action::Next => next(model),
        Action::Previous => previous(model),
        Action::SwitchPane => switch_pane(model),
        Action::Move(lines) => move_by(model, lines),
        Action::Page(pages) => page(model, pages),
        Action::Edge(end) => edge(model, end),
        Action::Answer => answer(model),
        Action::Choose(choice) => choose_line(model, choice),
        Action::Write => write::start(model),
        Action::StopWriting => write::stop(model),
        Action::Beside => write::beside(model),
        Action::Fade => write::fade(model),
        Action::Check => exercise::check(model),
        Action::Hint => hint(model),
        Action::Edit => edit(model),
        Action::Reset => exercise::reset(model),
        Action::Live => exercise::live(model),
        Action::Show => show::show(model),
        Action::Plant => debug::plant(model),
        Action::Surprise => debug::surprise(model),
        Action::ChooseAnother => debug::choose_another(model),
        Action::Assert => debug::assert(model),
        Action::TakeExample => debug::take_example(model),
        Action::OpenSolution => write::open_solution(model),
        Action::NextItem => write::next_item(model),
        Action::Reveal => write::reveal(model),
        Action::Rate(rating) => write::rate(model, rating),
        Action::Freeze => watch::freeze(model),
        Action::Traffic => watch::traffic(model),
        Action::Follow => watch::follow(model),
    }
}

pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let mut effects = write::stop(model);
    effects.extend(model.leave());
    effects.push(model.save());
    effects.push(Effect::Quit);
    effects
}

fn overlay(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    model.overlay = Some(overlay);
    Vec::new()
}

fn close(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    Vec::new()
}

fn go_to_chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Outline(position)) = model.overlay.take() else { return Vec::new() };
    model.go_to(position)
}

/// A page that was read is done when the learner goes on; other steps are done by doing them.
fn next(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if matches!(model.step().body, Body::Read) {
        effects.push(model.finish());
    }
    match model.after(model.position) {
        Some(position) => effects.extend(model.go_to(position)),
        None => say_what_is_open(model),
    }
    effects
}

/// At the end of the last lesson: which of its steps are not done.
fn say_what_is_open(model: &mut Model) {
    let open: Vec<_> = model.open_steps().map(|step| step.title.as_str()).collect();
    if open.is_empty() {
        return model.say(Tone::Good, "This is the last step. All steps of the lesson are done; q leaves.");
    }
    let (before, after) = ("Still open: ", "; g goes there.");
    // The status line has a blank on either side.
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

fn previous(model: &mut Model) -> Vec<Effect> {
    let Some(position) = model.before(model.position) else {
        model.say(Tone::Plain, "This is the first step.");
        return Vec::new();
    };
    model.go_to(position)
}

fn switch_pane(model: &mut Model) -> Vec<Effect> {
    model.focus = match model.focus {
        Focus::Step => Focus::Monitor,
        Focus::Monitor => Focus::Step,
    };
    // Whoever looks at the monitor is not typing.
    if model.focus == Focus::Monitor { write::stop(model) } else { Vec::new() }
}

fn move_by(model: &mut Model, lines: i16) -> Vec<Effect> {
    if let Some(Overlay::Outline(position)) = model.overlay {
        let chosen = if lines < 0 { model.before(position) } else { model.after(position) };
        model.overlay = Some(Overlay::Outline(chosen.unwrap_or(position)));
    } else if model.focus == Focus::Monitor {
        watch::choose(model, lines);
    } else if !choose(model, lines) {
        scroll(model, lines);
    }
    Vec::new()
}

/// Moves the choice of a screen that has one.
fn choose(model: &mut Model, lines: i16) -> bool {
    let choices = match &model.step().body {
        Body::Predict(predict) => predict.choices.len(),
        Body::Debug(debug) => debug.bugs.len() + 1,
        _ => return false,
    };
    let planted = model.debug_stage().is_some();
    match &mut model.screen {
        Screen::Predict { selected, answered: None } => *selected = step_within(*selected, lines, choices),
        Screen::Debug { selected, choosing, .. } if *choosing || !planted => {
            *selected = step_within(*selected, lines, choices);
        }
        _ => return false,
    }
    true
}

fn step_within(index: usize, lines: i16, count: usize) -> usize {
    index.saturating_add_signed(lines.into()).min(count.saturating_sub(1))
}

fn scroll(model: &mut Model, lines: i16) {
    model.scroll = model.scroll.saturating_add_signed(lines).min(layout::max_scroll(model));
}

fn page(model: &mut Model, pages: i16) -> Vec<Effect> {
    if let Some(Overlay::Outline(_)) = model.overlay {
        for _ in 0..5 {
            move_by(model, pages);
        }
    } else if model.focus == Focus::Step {
        let rows = i16::try_from(layout::text_rows(model)).unwrap_or(i16::MAX);
        scroll(model, pages.saturating_mul((rows - 2).max(1)));
    }
    Vec::new()
}

fn edge(model: &mut Model, end: bool) -> Vec<Effect> {
    if let Some(Overlay::Outline(position)) = model.overlay {
        let last = Position { lesson: position.lesson, step: model.course.lessons[position.lesson].steps.len() - 1 };
        let first = Position { lesson: position.lesson, step: 0 };
        model.overlay = Some(Overlay::Outline(if end { last } else { first }));
    } else if model.focus == Focus::Step {
        model.scroll = if end { layout::max_scroll(model) } else { 0 };
    }
    Vec::new()
}

fn choose_line(model: &mut Model, choice: usize) -> Vec<Effect> {
    if let Screen::Predict { selected, answered: None } = &mut model.screen {
        *selected = choice;
    }
    Vec::new()
}

fn answer(model: &mut Model) -> Vec<Effect> {
    let Body::Predict(predict) = &model.step().body else { return Vec::new() };
    let right = predict.answer;
    let Screen::Predict { selected, answered } = &mut model.screen else { return Vec::new() };
    let choice = *selected;
    *answered = Some(choice);
    let key = model.key();
    model.progress.predicted(&key, choice);
    if choice == right {
        model.say(Tone::Good, "Right.");
    } else {
        model.say(Tone::Plain, "Not quite. The reason is below the choices.");
    }
    let mut effects = vec![model.finish()];
    effects.extend(show::show(model));
    model.scroll = layout::max_scroll(model);
    effects
}

fn hint(model: &mut Model) -> Vec<Effect> {
    match &model.step().body {
        Body::Debug(_) => debug::hint(model),
        _ => exercise::hint(model),
    }
}

fn edit(model: &mut Model) -> Vec<Effect> {
    match &model.step().body {
        Body::Debug(_) => debug::edit(model),
        Body::Compare(_) | Body::Reflect(_) => write::edit(model),
        _ => exercise::edit(model),
    }
}
