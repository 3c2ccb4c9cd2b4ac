//! The keys of this moment and their actions. The command bar, the help and the dispatch all read this one list, so
//! they cannot drift apart. The keys of the current step come from its own room.

use crossterm::event::{KeyCode, KeyEvent};

use super::keys::{Binding, code, key};
use super::model::{Focus, Model, Overlay};
use super::screen::Screen;
use super::steps::Input;

/// The action of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The same in every step.
    Workshop(Deed),
    /// The current step decides.
    Step,
}

/// The actions that mean the same in every step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Leave the workshop.
    Quit,
    /// Show the keys, or hide them.
    Help,
    /// Show all steps, or hide them.
    Outline,
    /// Close the overlay.
    Close,
    /// Go to the chosen step.
    GoToChosen,
    /// The next step.
    Next,
    /// The step before.
    Previous,
    /// The other pane.
    SwitchPane,
    /// Scroll or choose by this many lines.
    Move(i16),
    /// Scroll by this many pages.
    Page(i16),
    /// The first line or the last.
    Edge(Edge),
    /// Stop the learner's server.
    StopLive,
    /// Freeze the monitor, or let it go on.
    Freeze,
    /// Show single events in the log, or hide them.
    Traffic,
    /// Show the chosen socket's log lines alone, or all.
    Follow,
}

/// An end of a text or a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The first line.
    Top,
    /// The last line.
    End,
}

/// The action of a key at this moment.
pub fn action(screen: &Screen, pressed: KeyEvent) -> Option<Action> {
    bindings(screen).into_iter().find(|binding| binding.fits(pressed)).map(|binding| binding.action)
}

/// Every key that does something at this moment.
pub fn bindings(screen: &Screen) -> Vec<Binding<Action>> {
    let mut all = match screen.model.overlay {
        Some(Overlay::Help) => of_workshop(help()),
        Some(Overlay::Outline(_)) => of_workshop(outline()),
        None => below_overlays(screen),
    };
    all.extend(of_workshop(vec![key('c', "Ctrl-C", "quit", Deed::Quit).with_control().silent()]));
    all
}

/// The keys of the screen, even under an overlay.
pub fn below_overlays(screen: &Screen) -> Vec<Binding<Action>> {
    let model = &screen.model;
    if screen.step.input().takes_text() {
        return writing(screen);
    }
    let here = match model.focus {
        Focus::Monitor => of_workshop(monitor(model)),
        Focus::Step => [of_step(screen), of_workshop(moving("scroll"))].concat(),
    };
    [here, of_workshop(everywhere(model))].concat()
}

fn help() -> Vec<Binding<Deed>> {
    vec![
        code(KeyCode::Esc, "Esc", "close", Deed::Close),
        key('?', "?", "close", Deed::Close).silent(),
        key('q', "q", "close", Deed::Close).silent(),
    ]
}

fn outline() -> Vec<Binding<Deed>> {
    let mut all = vec![
        code(KeyCode::Enter, "Enter", "go there", Deed::GoToChosen),
        code(KeyCode::Esc, "Esc", "close", Deed::Close),
        key('g', "g", "close", Deed::Close).silent(),
        key('q', "q", "close", Deed::Close).silent(),
    ];
    all.extend(moving("choose"));
    all
}

/// The keys that keep their meaning while a text is written.
fn writing(screen: &Screen) -> Vec<Binding<Action>> {
    let mut left = match screen.step.input() {
        Input::Typing => moving("scroll").into_iter().filter(|binding| !binding.is_character()).collect(),
        Input::Field(_) | Input::Commands => Vec::new(),
    };
    left.push(code(KeyCode::Tab, "Tab", "other pane", Deed::SwitchPane));
    [of_step(screen), of_workshop(left)].concat()
}

fn of_step(screen: &Screen) -> Vec<Binding<Action>> {
    screen.step.bindings(&screen.model).into_iter().map(|binding| binding.with(Action::Step)).collect()
}

fn of_workshop(bindings: Vec<Binding<Deed>>) -> Vec<Binding<Action>> {
    let action = |binding: Binding<Deed>| binding.with(Action::Workshop(binding.action));
    bindings.into_iter().map(action).collect()
}

fn everywhere(model: &Model) -> Vec<Binding<Deed>> {
    let other = match model.focus {
        Focus::Step => "monitor",
        Focus::Monitor => "step",
    };
    vec![
        key('n', "n", "next", Deed::Next),
        code(KeyCode::Tab, "Tab", other, Deed::SwitchPane),
        key('p', "p", "previous", Deed::Previous),
        code(KeyCode::BackTab, "Shift-Tab", other, Deed::SwitchPane).silent(),
        key('g', "g", "all steps", Deed::Outline),
        key('?', "?", "help", Deed::Help),
        key('q', "q", "quit", Deed::Quit),
    ]
}

fn monitor(model: &Model) -> Vec<Binding<Deed>> {
    let freeze = if model.pane.frozen.is_some() { "go on" } else { "freeze" };
    let follow = if model.pane.filter.socket.is_some() { "all sockets" } else { "follow socket" };
    let traffic = if model.pane.filter.traffic { "hide events" } else { "show events" };
    let mut all = vec![
        key('f', "f", freeze, Deed::Freeze),
        key('t', "t", traffic, Deed::Traffic),
        code(KeyCode::Enter, "Enter", follow, Deed::Follow),
    ];
    if model.pane.live.is_some() {
        all.push(key('l', "l", "stop", Deed::StopLive));
    }
    all.extend(moving("choose socket").into_iter().take(4));
    all
}

/// The keys that move; the first four go line by line.
fn moving(does: &'static str) -> Vec<Binding<Deed>> {
    let all = [
        code(KeyCode::Up, "↑", does, Deed::Move(-1)),
        code(KeyCode::Down, "↓", does, Deed::Move(1)),
        key('k', "k", does, Deed::Move(-1)),
        key('j', "j", does, Deed::Move(1)),
        code(KeyCode::PageUp, "PgUp", "a page up", Deed::Page(-1)),
        code(KeyCode::PageDown, "PgDn", "a page down", Deed::Page(1)),
        key(' ', "Space", "a page down", Deed::Page(1)),
        code(KeyCode::Home, "Home", "to the top", Deed::Edge(Edge::Top)),
        code(KeyCode::End, "End", "to the end", Deed::Edge(Edge::End)),
    ];
    all.map(Binding::silent).into()
}
