//! Which key does what, at this moment. The command bar, the help and the dispatch all read this one list, so they
//! cannot drift apart.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::course::Body;
use crate::progress::{DebugStage, SelfRating};

use super::model::{Focus, Model, Overlay};
use super::screen::Screen;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Leave the workshop.
    Quit,
    /// Show the keys, or hide them.
    Help,
    /// Show all steps, or hide them.
    Outline,
    /// Close what lies over the screen.
    Close,
    /// Go to the chosen step.
    GoToChosen,
    /// The next step.
    Next,
    /// The step before.
    Previous,
    /// The other pane.
    SwitchPane,
    /// Scroll or choose by so many lines.
    Move(i16),
    /// Scroll by so many pages.
    Page(i16),
    /// The first line or the last.
    Edge(bool),
    /// Answer with the chosen line.
    Answer,
    /// Choose this line.
    Choose(usize),
    /// Give the keys to the text.
    Write,
    /// Take them back.
    StopWriting,
    /// Show the other language, or hide it.
    Beside,
    /// Type it again with more hidden.
    Fade,
    /// Check the exercise, the assertion or the fix.
    Check,
    /// One more hint.
    Hint,
    /// Open the file in an editor.
    Edit,
    /// Put the starter back.
    Reset,
    /// Serve the learner's file, or stop.
    Live,
    /// Play what the step tells on the embedded server.
    Show,
    /// Plant the chosen bug.
    Plant,
    /// Plant any bug.
    Surprise,
    /// Choose another bug.
    ChooseAnother,
    /// On to writing the assertion.
    Assert,
    /// Take the worked example as it stands.
    TakeExample,
    /// Open the solution before the exercise has passed.
    OpenSolution,
    /// The next exercise, question or prompt of this step.
    NextItem,
    /// Show the model answer.
    Reveal,
    /// Rate the answer.
    Rate(SelfRating),
    /// Freeze the monitor, or let it go on.
    Freeze,
    /// Show single events in the log, or hide them.
    Traffic,
    /// Show the chosen socket's log lines alone, or all.
    Follow,
}

/// One key and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    code: KeyCode,
    modifiers: KeyModifiers,
    /// The key's name.
    pub name: &'static str,
    /// What it does, in two or three words.
    pub does: &'static str,
    /// What is asked for.
    pub action: Action,
    /// Whether the command bar shows it.
    pub in_bar: bool,
}

impl Binding {
    /// What the terminal sends for it.
    #[cfg(test)]
    pub(crate) fn key(&self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }

    fn fits(&self, key: KeyEvent) -> bool {
        // Shift is part of the character already; some terminals report it, some do not.
        key.code == self.code && key.modifiers.difference(KeyModifiers::SHIFT) == self.modifiers
    }
}

fn key(character: char, name: &'static str, does: &'static str, action: Action) -> Binding {
    code(KeyCode::Char(character), name, does, action)
}

fn code(code: KeyCode, name: &'static str, does: &'static str, action: Action) -> Binding {
    Binding { code, modifiers: KeyModifiers::NONE, name, does, action, in_bar: true }
}

fn silent(binding: Binding) -> Binding {
    Binding { in_bar: false, ..binding }
}

/// The action of a key at this moment.
pub fn action(model: &Model, pressed: KeyEvent) -> Option<Action> {
    bindings(model).into_iter().find(|binding| binding.fits(pressed)).map(|binding| binding.action)
}

/// Every key that does something at this moment.
pub fn bindings(model: &Model) -> Vec<Binding> {
    let control_c = Binding { modifiers: KeyModifiers::CONTROL, ..silent(key('c', "Ctrl-C", "quit", Action::Quit)) };
    let mut all = match model.overlay {
        Some(Overlay::Help) => help(),
        Some(Overlay::Outline(_)) => outline(),
        None => below_overlays(model),
    };
    all.push(control_c);
    all
}

/// The keys of the screen, whatever lies over it.
pub fn below_overlays(model: &Model) -> Vec<Binding> {
    if model.screen.takes_text() { writing(model) } else { [step_or_monitor(model), everywhere(model)].concat() }
}

fn help() -> Vec<Binding> {
    vec![
        code(KeyCode::Esc, "Esc", "close", Action::Close),
        silent(key('?', "?", "close", Action::Close)),
        silent(key('q', "q", "close", Action::Close)),
    ]
}

fn outline() -> Vec<Binding> {
    let mut all = vec![
        code(KeyCode::Enter, "Enter", "go there", Action::GoToChosen),
        code(KeyCode::Esc, "Esc", "close", Action::Close),
        silent(key('g', "g", "close", Action::Close)),
        silent(key('q', "q", "close", Action::Close)),
    ];
    all.extend(moving("choose"));
    all
}

fn writing(model: &Model) -> Vec<Binding> {
    let mut all = vec![code(KeyCode::Esc, "Esc", "stop writing", Action::StopWriting)];
    if let Screen::Retype(screen) = &model.screen {
        all[0].does = "leave typing";
        if has_beside(model) {
            let does = if screen.beside { "back to Rust" } else { "see JavaScript" };
            all.push(code(KeyCode::F(2), "F2", does, Action::Beside));
        }
        all.extend(moving("scroll").into_iter().filter(|binding| !matches!(binding.code, KeyCode::Char(_))));
    }
    all.push(code(KeyCode::Tab, "Tab", "other pane", Action::SwitchPane));
    all
}

fn everywhere(model: &Model) -> Vec<Binding> {
    let other = match model.focus {
        Focus::Step => "monitor",
        Focus::Monitor => "step",
    };
    vec![
        key('n', "n", "next", Action::Next),
        code(KeyCode::Tab, "Tab", other, Action::SwitchPane),
        key('p', "p", "previous", Action::Previous),
        silent(code(KeyCode::BackTab, "Shift-Tab", other, Action::SwitchPane)),
        key('g', "g", "all steps", Action::Outline),
        key('?', "?", "help", Action::Help),
        key('q', "q", "quit", Action::Quit),
    ]
}

fn step_or_monitor(model: &Model) -> Vec<Binding> {
    match model.focus {
        Focus::Monitor => {
            let freeze = if model.pane.frozen.is_some() { "go on" } else { "freeze" };
            let follow = if model.pane.filter.socket.is_some() { "all sockets" } else { "follow socket" };
            let traffic = if model.pane.filter.traffic { "hide events" } else { "show events" };
            let mut all = vec![
                key('f', "f", freeze, Action::Freeze),
                key('t', "t", traffic, Action::Traffic),
                code(KeyCode::Enter, "Enter", follow, Action::Follow),
            ];
            if model.pane.live.is_some() {
                all.push(key('l', "l", "stop", Action::Live));
            }
            all.extend(moving("choose socket").into_iter().take(4));
            all
        }
        Focus::Step => step(model),
    }
}

fn step(model: &Model) -> Vec<Binding> {
    let mut all = match &model.step().body {
        Body::Read => read(model, "see it happen"),
        Body::Predict(predict) => predict_keys(model, predict.choices.len()),
        Body::Retype(_) => retype(model),
        Body::Debug(_) => debug(model),
        Body::Exercise(_) | Body::Project(_) | Body::Recall(_) => exercise(model),
        Body::Compare(_) => compare(model),
        Body::Interview(_) => interview(model),
        Body::Reflect(_) => reflect(model),
    };
    all.extend(moving("scroll"));
    all
}

/// The keys that move; the first four go line by line.
fn moving(does: &'static str) -> Vec<Binding> {
    vec![
        silent(code(KeyCode::Up, "↑", does, Action::Move(-1))),
        silent(code(KeyCode::Down, "↓", does, Action::Move(1))),
        silent(key('k', "k", does, Action::Move(-1))),
        silent(key('j', "j", does, Action::Move(1))),
        silent(code(KeyCode::PageUp, "PgUp", "a page up", Action::Page(-1))),
        silent(code(KeyCode::PageDown, "PgDn", "a page down", Action::Page(1))),
        silent(key(' ', "Space", "a page down", Action::Page(1))),
        silent(code(KeyCode::Home, "Home", "to the top", Action::Edge(false))),
        silent(code(KeyCode::End, "End", "to the end", Action::Edge(true))),
    ]
}

const DIGITS: [(char, &str); 9] =
    [('1', "1"), ('2', "2"), ('3', "3"), ('4', "4"), ('5', "5"), ('6', "6"), ('7', "7"), ('8', "8"), ('9', "9")];

/// What is there to be read, and perhaps to be shown.
fn read(model: &Model, does: &'static str) -> Vec<Binding> {
    let mut all = vec![silent(code(KeyCode::Enter, "Enter", "next", Action::Next))];
    if model.step().show.is_some() {
        all.push(key('s', "s", does, Action::Show));
    }
    all
}

fn predict_keys(model: &Model, choices: usize) -> Vec<Binding> {
    if matches!(model.screen, Screen::Predict { answered: Some(_), .. }) {
        return read(model, "see it again");
    }
    let mut all = vec![code(KeyCode::Enter, "Enter", "answer", Action::Answer)];
    let digits = DIGITS.iter().take(choices).enumerate();
    all.extend(digits.map(|(index, (digit, name))| silent(key(*digit, name, "choose", Action::Choose(index)))));
    all
}

fn has_beside(model: &Model) -> bool {
    matches!(&model.step().body, Body::Retype(retype) if retype.beside.is_some())
}

fn retype(model: &Model) -> Vec<Binding> {
    let Screen::Retype(screen) = &model.screen else { return Vec::new() };
    let mut all = Vec::new();
    if screen.typing.is_done() {
        all.push(key('f', "f", "again, with less shown", Action::Fade));
    } else {
        all.push(code(KeyCode::Enter, "Enter", "type", Action::Write));
    }
    if has_beside(model) {
        let does = if screen.beside { "back to Rust" } else { "see JavaScript" };
        all.push(code(KeyCode::F(2), "F2", does, Action::Beside));
    }
    all
}

fn exercise(model: &Model) -> Vec<Binding> {
    let serving = model.pane.live.is_some();
    vec![
        key('e', "e", "edit", Action::Edit),
        key('c', "c", "check", Action::Check),
        key('h', "h", "hint", Action::Hint),
        key('l', "l", if serving { "stop serving" } else { "see it live" }, Action::Live),
        silent(key('r', "r", "reset the file", Action::Reset)),
    ]
}

fn debug(model: &Model) -> Vec<Binding> {
    let choosing = matches!(model.screen, Screen::Debug { choosing: true, .. });
    let serving = model.pane.live.is_some();
    let live = key('l', "l", if serving { "stop serving" } else { "serve it" }, Action::Live);
    let another = silent(key('b', "b", "another bug", Action::ChooseAnother));
    match model.debug_stage() {
        Some(DebugStage::Observing) if !choosing => {
            vec![key('a', "a", "write the assertion", Action::Assert), live, another]
        }
        Some(DebugStage::Asserting) if !choosing => vec![
            key('e', "e", "edit it", Action::Edit),
            key('c', "c", "try it", Action::Check),
            key('h', "h", "hint", Action::Hint),
            live,
            another,
        ],
        Some(DebugStage::Fixing) if !choosing => {
            vec![key('e', "e", "fix the code", Action::Edit), key('c', "c", "check", Action::Check), live, another]
        }
        Some(DebugStage::Fixed) if !choosing => vec![key('b', "b", "another bug", Action::ChooseAnother)],
        stage => {
            let mut all = vec![
                code(KeyCode::Enter, "Enter", "plant it", Action::Plant),
                key('s', "s", "surprise me", Action::Surprise),
                key('w', "w", "take the worked example", Action::TakeExample),
            ];
            if stage.is_some() {
                all.push(key('b', "b", "back to the bug", Action::ChooseAnother));
            }
            all
        }
    }
}

fn compare(model: &Model) -> Vec<Binding> {
    let mut all = vec![code(KeyCode::Enter, "Enter", "write your note", Action::Write)];
    if matches!(&model.step().body, Body::Compare(compare) if compare.exercises.len() > 1) {
        all.push(key('x', "x", "next exercise", Action::NextItem));
    }
    let hidden = matches!(&model.screen, Screen::Compare(screen) if screen.rows.is_none());
    all.push(Binding { in_bar: hidden, ..key('o', "o", "open the solution now", Action::OpenSolution) });
    all.push(silent(key('e', "e", "note in your editor", Action::Edit)));
    all
}

fn interview(model: &Model) -> Vec<Binding> {
    let Screen::Interview(screen) = &model.screen else { return Vec::new() };
    let mut all = vec![code(KeyCode::Enter, "Enter", "write", Action::Write)];
    if screen.revealed {
        all.push(key('1', "1", "missed", Action::Rate(SelfRating::Missed)));
        all.push(key('2', "2", "partly", Action::Rate(SelfRating::Partly)));
        all.push(key('3', "3", "solid", Action::Rate(SelfRating::Solid)));
    } else {
        all.push(key('m', "m", "model answer", Action::Reveal));
    }
    if matches!(&model.step().body, Body::Interview(interview) if interview.questions.len() > 1) {
        all.push(key('x', "x", "next question", Action::NextItem));
    }
    all
}

fn reflect(model: &Model) -> Vec<Binding> {
    let mut all = vec![code(KeyCode::Enter, "Enter", "write", Action::Write)];
    if matches!(&model.screen, Screen::Reflect { editors, .. } if editors.len() > 1) {
        all.push(key('x', "x", "next question", Action::NextItem));
    }
    all.push(silent(key('e', "e", "in your editor", Action::Edit)));
    all
}
