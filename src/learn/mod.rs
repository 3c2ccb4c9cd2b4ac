//! The workshop's screen: what `rtws learn` runs.
//!
//! Shaped as a loop of three: [`update()`] takes a [`Message`] and changes the [`Screen`], [`view`] draws it and says what
//! it measured, `effects` does what was asked for and answers with messages.
//! Nothing that takes time runs in the loop, so a slow build, a flooded monitor or a dead server never delays a key.
//!
//! | file | holds |
//! |---|---|
//! | [`model`], [`editor`] | the state, but for what only the current step knows |
//! | [`steps`] | a room for each kind of step: its state, its keys, what they do, drawing |
//! | [`screen`] | the model and the current step |
//! | [`message`], [`trouble`] | what happens, and what is asked for; why something did not work |
//! | [`jobs`] | what goes on in the background |
//! | [`keys`], [`bindings`] | a key and what it does; all keys of this moment |
//! | [`context`], [`document`] | what a step may change and ask for; what it draws into |
//! | [`mod@update`] | what each message does |
//! | [`view`] | drawing the frame, one panel a file |
//! | `effects/`, `saver`, `editing` | builds, files, processes |
//! | `sources` | what tells the model something, besides the terminal |
//! | [`markdown`], [`theme`] | how text looks |

pub mod bindings;
pub mod context;
pub mod document;
mod editing;
pub mod editor;
mod effects;
pub mod jobs;
pub mod keys;
pub mod markdown;
pub mod message;
pub mod model;
mod saver;
pub mod screen;
mod sources;
pub mod steps;
#[cfg(test)]
pub(crate) mod testing;
pub mod theme;
pub mod trouble;
pub mod update;
pub mod view;

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use scenario::Network;
use scenario::network::Address;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::clock::unix_seconds;
use crate::course::Course;
use crate::crowd::Crowd;
use crate::progress::Store;
use crate::server::{Embedded, PORT};
use crate::terminal::{Event, Guard, Signal};
use crate::watch::ExerciseWatcher;
use crate::watch::QUIET;
use judge::{Package, Workshop};

use self::editing::EditError;
use self::effects::{Effects, Outside, WAITING_MESSAGES};
use self::message::Message;
use self::model::{Model, Position, Size, Tone};
use self::saver::PATIENCE;
use self::screen::Screen;
use self::sources::Sources;
use self::theme::Theme;
use self::update::update;

/// At most 30 frames a second.
const FRAME: Duration = Duration::from_millis(33);

/// How often the screen is drawn although nothing happened, for what moves by itself.
const IDLE_FRAME_MS: u64 = 150;

/// How the workshop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The learner left.
    Left,
    /// A signal ended it; the exit code says which.
    Signal(u8),
}

/// Opens the workshop and returns when the learner leaves it.
///
/// # Errors
///
/// When there is no terminal, no port, or another program has the workshop open; and when the last save fails.
pub async fn run(course: Course, home: &Path, start_at: Option<Position>) -> anyhow::Result<End> {
    let opened = Store::open_session(home, unix_seconds())?;
    let mut guard = Guard::enter("rtws learn")?;
    let root = course.root.clone();
    let (embedded, records) = Embedded::start(PORT).await?;
    let network = Network::Tcp(Address::parse(&embedded.address().to_string())?);
    let crowd = Crowd::start(network.clone(), rand::random());
    let (sender, messages) = mpsc::channel(WAITING_MESSAGES);
    let (answerer, answers) = mpsc::unbounded_channel();
    let judged = Workshop::at(&root);
    let watcher = ExerciseWatcher::start(&judged.sources(Package::Exercises), QUIET);
    let mut effects = Effects::new(&judged, home, opened.store, network, crowd, sender, answerer);

    let size = crossterm::terminal::size()?;
    let mut model = Model::open(course, opened.progress, Size { columns: size.0, rows: size.1 });
    model.pane.address = embedded.address().to_string();
    model.home = shown_home(home, &root);
    model.dice = rand::random();
    model.position = start_at.unwrap_or(model.position);
    model.unix_seconds = unix_seconds();
    let (screen, entered) = Screen::open(model);
    let mut workshop = Loop { screen, theme: Theme::detect(|name| std::env::var(name).ok()), opened: Instant::now() };
    workshop.prepare(&mut effects);
    let mut outside: Vec<_> = entered.into_iter().filter_map(|effect| effects.run(effect)).collect();
    let watcher = watcher.map_err(|trouble| workshop.screen.model.say(Tone::Bad, trouble.to_string())).ok();
    let mut sources = Sources { messages, answers, records, watcher };
    if let Some(notice) = opened.notice {
        workshop.screen.model.say(Tone::Bad, notice.to_string());
    }

    let mut input = guard.input();
    let mut frames = interval(FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut drawn_ms = None;
    let end = 'open: loop {
        for work in outside.drain(..) {
            match work {
                Outside::Quit => break 'open End::Left,
                Outside::Edit { path, line, note, written } => {
                    drop(workshop.take(Message::Editing, &mut effects));
                    // Only keys ask for what the loop does, and they are the editor's.
                    let mut take = |message| drop(workshop.take(message, &mut effects));
                    // The editor is to find what the learner has written, unless the disk takes too long for that.
                    let _ = sources.take_during(timeout(PATIENCE, written), &mut take).await;
                    let editing = guard.outside(&mut input, async || editing::edit(&path, line).await);
                    let edited = sources.take_during(editing, take).await;
                    workshop.edited(edited, note, &mut effects);
                    drawn_ms = None;
                }
            }
        }
        // Keys first, then frames: however much the servers say, neither waits for it.
        let message = tokio::select! {
            biased;
            event = input.next() => match Translated::of(event, &mut guard) {
                Translated::Message(message) => message,
                Translated::Redraw => { drawn_ms = None; continue }
                Translated::End(end) => {
                    workshop.take(Message::Quit, &mut effects);
                    break end;
                }
            },
            _ = frames.tick() => {
                workshop.time_passes(&mut effects);
                let now_ms = workshop.screen.model.now_ms;
                if drawn_ms.is_none_or(|drawn| now_ms.saturating_sub(drawn) >= IDLE_FRAME_MS) {
                    workshop.draw(&mut guard);
                    drawn_ms = Some(now_ms);
                }
                continue;
            }
            message = sources.next() => message,
        };
        drawn_ms = None;
        outside = workshop.take(message, &mut effects);
    };
    // Nothing looks at the input any more, and a signal must not take that for a program that is stuck.
    guard.leaving();
    // The files that clients of the server have open are closed before the last save needs one.
    tokio::join!(embedded.stop(), effects.end_tasks());
    let saved = effects.save_last();
    drop(guard);
    saved?;
    sources.untold().map_or(Ok(end), Err)
}

/// What an event of the terminal means to the loop.
enum Translated {
    Message(Message),
    Redraw,
    End(End),
}

impl Translated {
    fn of(event: Option<Event>, guard: &mut Guard) -> Self {
        match event {
            Some(Event::Key(key)) => Self::Message(Message::Key(key)),
            Some(Event::Paste(text)) => Self::Message(Message::Paste(text)),
            Some(Event::Resize { columns, rows }) => Self::Message(Message::Resize { columns, rows }),
            Some(Event::Signal(Signal::Continue)) => {
                guard.redraw();
                Self::Redraw
            }
            Some(Event::Signal(signal)) => Self::End(signal.exit_code().map_or(End::Left, End::Signal)),
            Some(Event::Lost) | None => Self::End(End::Left),
        }
    }
}

/// The screen and what is needed to keep it going.
struct Loop {
    screen: Screen,
    theme: Theme,
    opened: Instant,
}

impl Loop {
    fn prepare(&mut self, effects: &mut Effects) {
        let model = &mut self.screen.model;
        if model.course.lessons.iter().any(|lesson| !lesson.exercises.is_empty()) {
            model.work.preparing = true;
            effects.prepare();
        }
    }

    /// Draws a frame. What that has measured is what the next keys go by.
    fn draw(&mut self, guard: &mut Guard) {
        let mut measured = None;
        guard.draw(|frame| measured = view::draw(frame, &self.screen, &self.theme));
        if let Some(measured) = measured {
            self.screen.model.measure(measured);
        }
    }

    fn take(&mut self, message: Message, effects: &mut Effects) -> Vec<Outside> {
        self.time_passes(effects);
        update(&mut self.screen, message).into_iter().filter_map(|effect| effects.run(effect)).collect()
    }

    fn time_passes(&mut self, effects: &mut Effects) {
        let now_ms = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        for effect in update(&mut self.screen, Message::Time { now_ms, unix_seconds: unix_seconds() }) {
            effects.run(effect);
        }
    }

    fn edited(&mut self, edited: Result<(), EditError>, note: Option<String>, effects: &mut Effects) {
        drop(self.take(Message::Edited, effects));
        if let Err(error) = edited {
            self.screen.model.say(Tone::Bad, error.to_string());
        }
        if let Some(id) = note {
            effects.note_edited(id);
        }
    }
}

/// The learner's folder as people write it: relative to the workshop where it is inside.
fn shown_home(home: &Path, root: &Path) -> String {
    home.strip_prefix(root).unwrap_or(home).display().to_string()
}
