//! A learner in a small course of their own: keys and messages go in, and tests look at the model and its effects.

use std::any::Any;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::OnceLock;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use judge::report::{ScenarioReport, Verdict};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use rooms::observer::{Event, Record, SocketCounters};

use crate::colour::Depth;
use crate::course::{Colour, Course, render};
use crate::learn::jobs::Job;
use crate::learn::message::{Effect, Message, StepBug};
use crate::learn::model::{Model, Position, Size};
use crate::learn::screen::Screen;
use crate::learn::steps::StepScreen;
use crate::learn::theme::Theme;
use crate::learn::update::update;
use crate::learn::view::draw;
use crate::progress::{Access, FileError, Progress, SITTING_GAP};
use judge::CheckReport;

/// The time at which the learner begins, in seconds since 1970.
pub(crate) const BEGIN: u64 = 1_700_000_000;

/// The course in `testing/course`. It has every kind of step, and stays as it is when lessons change.
pub(crate) fn course() -> Course {
    static COURSE: OnceLock<Course> = OnceLock::new();
    let load = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/learn/testing/course");
        let course = Course::load(&root).unwrap_or_else(|faults| panic!("{}", render(&faults, Colour::Off)));
        Course { layout: layout::Layout::at("/workshop"), ..course }
    };
    COURSE.get_or_init(load).clone()
}

/// The workshop's screen, and keys and messages for it.
pub(crate) struct Learner {
    screen: Screen,
}

impl Deref for Learner {
    type Target = Screen;

    fn deref(&self) -> &Screen {
        &self.screen
    }
}

impl DerefMut for Learner {
    fn deref_mut(&mut self) -> &mut Screen {
        &mut self.screen
    }
}

impl Learner {
    /// At the step with this id, in a terminal of 80 columns.
    pub(crate) fn at(step: &str) -> Self {
        Self::resuming(step, Progress::default())
    }

    /// The same with earlier progress.
    pub(crate) fn resuming(step: &str, progress: Progress) -> Self {
        Self::resuming_at(step, progress, BEGIN)
    }

    fn resuming_at(step: &str, progress: Progress, unix_seconds: u64) -> Self {
        let mut model = Model::open(course(), progress, Size { columns: 80, rows: 24 });
        model.home = ".rtws".to_owned();
        model.pane.address = "127.0.0.1:7420".to_owned();
        model.position = position(&model.course, step);
        model.unix_seconds = unix_seconds;
        let (screen, effects) = Screen::open(model);
        let mut learner = Self { screen };
        learner.find_no_notes(&effects);
        learner.look();
        learner
    }

    /// Draws the screen, as happens before the next key.
    pub(crate) fn look(&mut self) {
        let Size { columns, rows } = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        let mut measured = None;
        terminal.draw(|frame| measured = draw(frame, &self.screen, &Theme::new(Depth::None))).unwrap();
        if let Some(measured) = measured {
            self.model.measure(measured);
        }
    }

    /// Finds no note in the files that these effects ask for.
    fn find_no_notes(&mut self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::LoadNote { id } = effect {
                self.tell(Message::NoteLoaded { id: id.clone(), result: Ok(None) });
            }
        }
    }

    /// The state of the current step's screen.
    #[track_caller]
    pub(crate) fn sees<S: StepScreen>(&self) -> &S {
        let step: &dyn Any = &*self.step;
        step.downcast_ref().expect("another kind of step is on the screen")
    }

    /// The same, to be changed.
    #[track_caller]
    pub(crate) fn puts<S: StepScreen>(&mut self) -> Option<&mut S> {
        let step: &mut dyn Any = &mut *self.screen.step;
        step.downcast_mut()
    }

    /// Opens the workshop again, with nothing but the saved state.
    pub(crate) fn reopened(self) -> Self {
        let step = self.step().to_owned();
        Self::resuming(&step, self.screen.model.progress)
    }

    /// Opens the workshop in a later sitting, with nothing but the saved state.
    pub(crate) fn later(self) -> Self {
        let step = self.step().to_owned();
        let seconds = self.model.unix_seconds + SITTING_GAP;
        Self::resuming_at(&step, self.screen.model.progress, seconds)
    }

    /// Presses keys, named and separated by spaces: `"down enter ctrl-c x"`. A step that reads notes finds none.
    pub(crate) fn press(&mut self, names: &str) -> Vec<Effect> {
        let press = |name| {
            let effects = self.tell(Message::Key(key(name)));
            self.find_no_notes(&effects);
            self.look();
            effects
        };
        names.split_whitespace().flat_map(press).collect()
    }

    /// Types text as it is; a newline is the Enter key.
    pub(crate) fn type_text(&mut self, text: &str) -> Vec<Effect> {
        let code = |character| if character == '\n' { KeyCode::Enter } else { KeyCode::Char(character) };
        text.chars().flat_map(|character| self.tell(Message::Key(KeyEvent::from(code(character))))).collect()
    }

    /// Sends a message.
    pub(crate) fn tell(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.screen, message)
    }

    /// Lets time pass, until this many milliseconds since the beginning.
    pub(crate) fn wait_until_ms(&mut self, now_ms: u64) {
        self.tell(Message::Time { now_ms, unix_seconds: BEGIN + now_ms / 1000 });
    }

    /// Sends a record of the embedded server at the present time.
    pub(crate) fn hear(&mut self, event: Event) {
        let at_ms = self.model.now_ms;
        self.tell(Message::Embedded(Record { at_ms, event }));
    }

    /// The id of the current step.
    pub(crate) fn step(&self) -> &str {
        &self.model.step().id
    }

    /// The text of the status line.
    pub(crate) fn says(&self) -> &str {
        self.model.status.as_ref().map_or("", |status| &status.text)
    }

    /// Whether the step with this id is done.
    pub(crate) fn has_done(&self, step: &str) -> bool {
        let key = format!("{}/{step}", self.model.lesson().id);
        self.model.progress.step_state(&key) == crate::progress::StepState::Done
    }
}

fn position(course: &Course, step: &str) -> Position {
    let lessons = course.lessons.iter().enumerate();
    let mut steps = lessons.flat_map(|(lesson, it)| (0..it.steps.len()).map(move |step| Position { lesson, step }));
    let is_it = |at: &Position| course.lessons[at.lesson].steps[at.step].id == step;
    steps.find(is_it).unwrap_or_else(|| panic!("there is no step {step:?}"))
}

/// The progress that the effects save last.
#[track_caller]
pub(crate) fn saved(effects: &[Effect]) -> &Progress {
    let mut newest_first = effects.iter().rev().filter_map(|effect| match effect {
        Effect::SaveProgress(progress) => Some(progress),
        _ => None,
    });
    newest_first.next().expect("the progress is saved")
}

/// The job that is shown to the learner.
pub(crate) fn running(learner: &Learner) -> Option<Job> {
    learner.model.work.jobs.newest().map(|running| running.job)
}

/// The effects without those that save the progress.
pub(crate) fn but_saves(effects: Vec<Effect>) -> Vec<Effect> {
    effects.into_iter().filter(|effect| !matches!(effect, Effect::SaveProgress(_))).collect()
}

/// The key with this name.
pub(crate) fn key(name: &str) -> KeyEvent {
    if let Some(letter) = name.strip_prefix("ctrl-") {
        return KeyEvent::new(key(letter).code, KeyModifiers::CONTROL);
    }
    KeyEvent::from(match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "backspace" => KeyCode::Backspace,
        "space" => KeyCode::Char(' '),
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "f2" => KeyCode::F(2),
        "f5" => KeyCode::F(5),
        _ => {
            let mut characters = name.chars();
            let (Some(character), None) = (characters.next(), characters.next()) else {
                panic!("no key is called {name:?}")
            };
            KeyCode::Char(character)
        }
    })
}

/// A verdict on an exercise, with one scenario that ended like it.
pub(crate) fn report(exercise: &str, verdict: Verdict) -> CheckReport {
    let explanation = if verdict == Verdict::Passed { "" } else { "ann never joined r1, so nobody heard her." };
    CheckReport {
        id: exercise.to_owned(),
        verdict,
        seconds: 0.4,
        scenarios: vec![ScenarioReport {
            name: "a-first".to_owned(),
            title: "Who joins a room hears it".to_owned(),
            generated: false,
            verdict,
            explanation: explanation.to_owned(),
            expected: None,
            actual: None,
            printed: None,
            location: None,
        }],
        message: None,
        location: None,
        sha256: None,
        warnings: None,
        likely_cause: None,
        code: format!("// the text that is {verdict}\n"),
    }
}

/// The message that an exercise was checked.
pub(crate) fn checked(report: CheckReport) -> Message {
    Message::Checked { exercise: report.id.clone(), result: Ok(Box::new(report)) }
}

/// The message that a file with this name cannot be written.
pub(crate) fn disk_full(path: &str) -> Message {
    let source = std::io::ErrorKind::StorageFull.into();
    Message::Trouble(FileError { access: Access::Write, path: path.into(), source }.into())
}

/// A client joins the server.
pub(crate) fn connect(socket: &str, name: &str) -> Event {
    let (socket, name) = (socket.to_owned(), Some(name.to_owned()));
    Event::Connect { socket, namespace: "/".to_owned(), name, remote: Some("127.0.0.1:50000".to_owned()) }
}

/// A client joins a room.
pub(crate) fn join(socket: &str, room: &str) -> Event {
    Event::Join { socket: socket.to_owned(), room: room.to_owned() }
}

/// A client goes.
pub(crate) fn disconnect(socket: &str, reason: &str) -> Event {
    Event::Disconnect { socket: socket.to_owned(), reason: reason.to_owned() }
}

/// What each socket has received and sent so far.
pub(crate) fn counters(totals: &[(&str, u64, u64)]) -> Event {
    let counters = |&(socket, received, sent): &(&str, u64, u64)| SocketCounters {
        socket: socket.to_owned(),
        received,
        sent,
        dropped: 0,
    };
    Event::Counters { sockets: totals.iter().map(counters).collect(), log_lines_dropped: 0 }
}

/// A bug of the debug step of the tests' course.
pub(crate) fn of_debug(bug: &str) -> StepBug {
    StepBug { step: "rooms/debug".to_owned(), bug: bug.to_owned() }
}
