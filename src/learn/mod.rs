//! The workshop's screen, which `rtws learn` runs.
//!
//! Shaped as a loop of three: [`update`](mod@update) takes a [`Message`](message::Message) and changes the [`Screen`],
//! [`view`] draws it and says what it measured, `effects` does what was asked for and answers with messages.
//! Nothing that takes time runs in the loop, so a slow build, a flooded monitor or a dead server never delays a key.
//!
//! | file | holds |
//! |---|---|
//! | [`model`], [`editor`] | the state, except for the current step's own |
//! | [`steps`] | a room for each kind of step: its state, its keys, their effects, drawing |
//! | [`screen`] | the model and the current step |
//! | [`message`], [`trouble`] | messages and effects; why something did not work |
//! | [`jobs`] | the jobs in the background |
//! | [`keys`], [`bindings`] | a key and its action; all keys of this moment |
//! | [`context`], [`document`] | the state that a step may change and the effects it may ask for; the page that it draws into |
//! | [`mod@update`] | what each message does |
//! | [`view`] | drawing the frame, one file for each panel |
//! | `effects/`, `saver`, `editing` | builds, files, processes |
//! | `event_loop` | the loop itself |
//! | `sources` | the sources of messages besides the terminal |
//! | [`markdown`], [`theme`] | how text looks |

pub mod bindings;
pub mod context;
pub mod document;
mod editing;
pub mod editor;
mod effects;
mod event_loop;
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

use scenario::Network;
use scenario::network::Address;
use tokio::sync::mpsc;
use tracing::warn;

use crate::clock::unix_seconds;
use crate::colour::Depth;
use crate::course::Course;
use crate::crowd::Crowd;
use crate::progress::Store;
use crate::server::{Embedded, PORT};
use crate::terminal::Guard;
use crate::watch::QUIET;
use crate::watch::{ExerciseWatcher, LessonWatcher};
use judge::{Package, Workshop};

use self::effects::{Effects, WAITING_MESSAGES};
pub use self::event_loop::End;
use self::event_loop::EventLoop;
use self::model::{Model, Position, Size, Tone};
use self::screen::Screen;
use self::sources::Sources;
use self::theme::Theme;

/// Opens the workshop in so many colours and returns when the learner leaves it.
///
/// # Errors
///
/// When there is no terminal, no port, or another program has the workshop open; and when the last save fails.
pub async fn run(course: Course, home: &Path, start_at: Option<Position>, depth: Depth) -> anyhow::Result<End> {
    let opened = Store::open_session(home, unix_seconds())?;
    let guard = Guard::enter("rtws learn")?;
    let (embedded, records) = Embedded::start(PORT).await?;
    let workshop = Workshop::at(course.layout.root());
    let watcher = ExerciseWatcher::start(&workshop.layout.sources(Package::Exercises), QUIET);
    let lessons = LessonWatcher::start(&workshop.layout.lessons());
    let lessons = lessons.inspect_err(|error| warn!(%error, "lessons are not read again")).ok();
    let (unwatched, watcher) = (watcher.as_ref().err().map(ToString::to_string), watcher.ok());

    let mut model = Model::open(course, opened.progress, terminal_size()?);
    model.pane.address = embedded.address().to_string();
    model.home = shown_home(home, workshop.layout.root());
    model.dice = rand::random();
    model.position = start_at.unwrap_or(model.position);
    model.unix_seconds = unix_seconds();
    let (mut screen, entered) = Screen::open(model);
    let closed = screen.model.course.closed();
    // The notice is about what the learner has done, so it is what stays in the status line.
    for trouble in closed.into_iter().chain(unwatched).chain(opened.notice.map(|notice| notice.to_string())) {
        screen.model.say(Tone::Bad, trouble);
    }

    let network = Network::Tcp(Address::parse(&embedded.address().to_string())?);
    let crowd = Crowd::start(network.clone(), rand::random());
    let (sender, messages) = mpsc::channel(WAITING_MESSAGES);
    let (answerer, answers) = mpsc::unbounded_channel();
    let effects = Effects::new(&workshop, home, opened.store, network, crowd, sender, answerer);
    let sources = Sources { messages, answers, records, watcher, lessons };
    let mut event_loop = EventLoop::new(screen, Theme::new(depth), effects, sources, guard);
    let end = event_loop.run(entered).await;
    event_loop.close(embedded).await?;
    Ok(end)
}

fn terminal_size() -> std::io::Result<Size> {
    let (columns, rows) = crossterm::terminal::size()?;
    Ok(Size { columns, rows })
}

/// The learner's folder as people write it: relative to the workshop where it is inside.
fn shown_home(home: &Path, root: &Path) -> String {
    home.strip_prefix(root).unwrap_or(home).display().to_string()
}
