//! Everything that the screen shows and the keys change. No terminal, no clock, no network.

use std::collections::BTreeMap;

use judge::{CheckError, CheckReport};

use crate::course::{Course, Exercise, Lesson, Step};
use crate::monitor::{Filter, Monitor, Socket};
use crate::progress::{Place, Progress, StepState, step_key};

use super::jobs::Jobs;
use super::message::Played;
use super::trouble::ShowError;

/// The workshop as the learner sees it, except for the current step's own state.
#[derive(Debug)]
pub struct Model {
    /// The lessons.
    pub course: Course,
    /// The learner's progress.
    pub progress: Progress,
    /// The learner's place in the course.
    pub position: Position,
    /// The part of the step's text that is in sight.
    pub scroll: Scroll,
    /// The last frame's measurements of the step's text.
    pub measured: Measured,
    /// The overlay, if one is open.
    pub overlay: Option<Overlay>,
    /// The pane that gets the keys; in a narrow terminal the only one.
    pub focus: Focus,
    /// The terminal.
    pub size: Size,
    /// The right pane.
    pub pane: MonitorPane,
    /// Builds and checks.
    pub work: Work,
    /// The last message in the status line.
    pub status: Option<Status>,
    /// A message that takes precedence in the status line, until the next key.
    pub held: Option<Held>,
    /// Milliseconds since the workshop was opened.
    pub now_ms: u64,
    /// Seconds since 1970.
    pub unix_seconds: u64,
    /// Whether an editor that the workshop opened has the terminal.
    pub is_in_editor: bool,
    /// When the learner last gave a sign, in milliseconds like `now_ms`.
    pub last_sign_ms: u64,
    /// The learner's folder, as it is shown.
    pub home: String,
    /// The random number behind "surprise me".
    pub dice: u64,
}

/// A step by its place in the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The lesson, from 0.
    pub lesson: usize,
    /// The step, from 0.
    pub step: usize,
}

/// The part of the step's text that is in sight. Only drawing knows how long the text is, so until then this is a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scroll {
    /// From this row on, or from the last possible first row.
    Row(u16),
    /// The end.
    End,
    /// From the current item on, in a step with several.
    Item,
}

impl Scroll {
    /// The beginning.
    pub const TOP: Self = Self::Row(0);
}

/// Measurements of the step's text from drawing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// The rows of its area.
    pub rows: u16,
    /// The first row in sight when the end is shown; `u16::MAX` for a text that was not drawn yet.
    pub end: u16,
    /// The row at which the current item begins, in a step with several.
    pub item: u16,
}

impl Measured {
    /// The measurements of a step that has not been drawn.
    const UNKNOWN: Self = Self { rows: 0, end: u16::MAX, item: 0 };

    /// The first row in sight. It may be after the end, if the text has become shorter or the area larger.
    pub fn row(&self, scroll: Scroll) -> u16 {
        match scroll {
            Scroll::Row(row) => row,
            Scroll::End => self.end,
            Scroll::Item => self.item,
        }
    }
}

/// The size of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

/// A pane that gets the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The current step, on the left.
    #[default]
    Step,
    /// The monitor, on the right.
    Monitor,
}

/// An overlay, which gets the keys first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// All steps; the chosen one.
    Outline(Position),
}

/// The right pane.
#[derive(Debug, Default)]
pub struct MonitorPane {
    /// The embedded server.
    pub embedded: Monitor,
    /// The address that it listens on.
    pub address: String,
    /// The learner's own server, while it runs.
    pub live: Option<LiveServer>,
    /// The state that is shown while the pane is frozen.
    pub frozen: Option<Monitor>,
    /// The filter for log lines.
    pub filter: Filter,
    /// The chosen socket.
    pub selected: Option<String>,
    /// The show that the pane is limited to, while there is one.
    pub show: Option<WatchedShow>,
    /// How many shows there have been: the number of the last one.
    pub shows: u64,
}

/// A show in the monitor: the pane shows only events since its start.
#[derive(Debug)]
pub struct WatchedShow {
    /// Its number, because news of an earlier one may still come.
    pub number: u64,
    /// The learner's filter, to be restored when it is over.
    pub filter_before: Filter,
    /// When it is over, in milliseconds like `now_ms`; `None` while it is being played.
    pub until_ms: Option<u64>,
    /// The state of the server that was built for it; `None` if it is played on the embedded one, or that is still to be
    /// built.
    pub server: Option<ShowServer>,
}

/// A server that was built for a show.
#[derive(Debug)]
pub struct ShowServer {
    /// The address that it listens on.
    pub address: String,
    /// The state of the server.
    pub monitor: Monitor,
}

/// The learner's own server.
#[derive(Debug, Default)]
pub struct LiveServer {
    /// The exercise that it is built from.
    pub exercise: String,
    /// The address that it listens on.
    pub address: String,
    /// The state of the server.
    pub monitor: Monitor,
    /// The last lines of its output.
    pub printed: Vec<String>,
}

impl MonitorPane {
    /// The state to draw.
    pub fn shown(&self) -> &Monitor {
        self.frozen.as_ref().unwrap_or_else(|| self.current())
    }

    /// The sockets to list; during a show, only its clients.
    pub fn sockets(&self) -> Vec<&Socket> {
        match self.filter.since {
            Some(mark) => self.shown().sockets_since(mark).collect(),
            None => self.shown().sockets().collect(),
        }
    }

    /// The show with this number, if it is still watched.
    pub fn show_with(&mut self, number: u64) -> Option<&mut WatchedShow> {
        self.show.as_mut().filter(|show| show.number == number)
    }

    /// The state of the server that is watched, frozen or not.
    pub fn current(&self) -> &Monitor {
        if let Some(server) = self.show.as_ref().and_then(|show| show.server.as_ref()) {
            return &server.monitor;
        }
        self.live.as_ref().map_or(&self.embedded, |live| &live.monitor)
    }
}

/// Builds and checks.
#[derive(Debug, Default)]
pub struct Work {
    /// The jobs in progress.
    pub jobs: Jobs,
    /// Whether the first build is still running.
    pub preparing: bool,
    /// The progress of the first build.
    pub prepared: Option<judge::Progress>,
    /// The last verdict on each exercise.
    pub reports: BTreeMap<String, CheckReport>,
    /// Why the last check of an exercise has no verdict.
    pub failures: BTreeMap<String, CheckError>,
    /// The step's show.
    pub shown: Option<Shown>,
}

/// A step's show.
#[derive(Debug)]
pub enum Shown {
    /// It is being played.
    Playing,
    /// Its result, or why it was not played.
    Played(Result<Played, ShowError>),
}

/// A message that the learner has to see, so that only a key replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// The starter comes back if the next key asks for it again. Holds the exercise.
    ResetAsked(String),
    /// The starter is back, and the learner's code can come back, too. Holds the exercise.
    Reset(String),
}

/// A line about what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The text.
    pub text: String,
    /// Its tone.
    pub tone: Tone,
    /// When it was shown, in milliseconds like `now_ms`.
    pub at_ms: u64,
}

/// The tone of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// Something worked.
    Good,
    /// Something did not.
    Bad,
}

impl Model {
    /// Opens the workshop at the step where the learner left it.
    pub fn open(course: Course, progress: Progress, size: Size) -> Self {
        let mut model = Self {
            course,
            progress,
            position: Position::default(),
            scroll: Scroll::TOP,
            measured: Measured::UNKNOWN,
            overlay: None,
            focus: Focus::Step,
            size,
            // Single events would push joins and leaves out of sight; a key shows them.
            pane: MonitorPane { filter: Filter { traffic: false, ..Filter::default() }, ..MonitorPane::default() },
            work: Work::default(),
            status: None,
            held: None,
            now_ms: 0,
            unix_seconds: 0,
            is_in_editor: false,
            last_sign_ms: 0,
            home: String::new(),
            dice: 0,
        };
        let saved = model.progress.position.clone();
        model.position = saved.and_then(|place| model.find(&place)).unwrap_or_default();
        model
    }

    /// The place in the course, if it still exists. If the step no longer exists, it is the lesson's first.
    pub fn find(&self, place: &Place) -> Option<Position> {
        let lesson = self.course.lessons.iter().position(|lesson| lesson.id == place.lesson)?;
        let step = self.course.lessons[lesson].steps.iter().position(|step| step.id == place.step);
        Some(Position { lesson, step: step.unwrap_or(0) })
    }

    /// The current lesson.
    pub fn lesson(&self) -> &Lesson {
        &self.course.lessons[self.position.lesson]
    }

    /// The current step.
    pub fn step(&self) -> &Step {
        &self.lesson().steps[self.position.step]
    }

    /// The key under which the current step is saved.
    pub fn key(&self) -> String {
        step_key(&self.lesson().id, &self.step().id)
    }

    /// The exercise of the current step.
    pub fn exercise(&self) -> Option<&Exercise> {
        self.lesson().exercise(self.step().body.exercise()?)
    }

    /// Begins the current step: at its top, and without any state of the previous one.
    pub fn enter(&mut self) {
        let place = Place::new(&self.lesson().id, &self.step().id);
        self.progress.enter(place, self.unix_seconds);
        self.progress.sign(self.unix_seconds);
        self.last_sign_ms = self.now_ms;
        self.scroll = Scroll::TOP;
        self.measured = Measured { rows: self.measured.rows, ..Measured::UNKNOWN };
        self.focus = Focus::Step;
        self.work.shown = None;
    }

    /// Records the measurements of a frame, which turn a wish into a row.
    pub fn measure(&mut self, measured: Measured) {
        self.scroll = Scroll::Row(measured.row(self.scroll));
        self.measured = measured;
    }

    /// Scrolls by this many rows, within the text as it was last drawn.
    pub fn scroll_by(&mut self, rows: i16) {
        let row = self.measured.row(self.scroll);
        self.scroll = Scroll::Row(row.saturating_add_signed(rows).min(self.measured.end));
    }

    /// Shows a message in the status line.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.status = Some(Status { text: text.into(), tone, at_ms: self.now_ms });
    }

    /// The steps of the current lesson that are not done.
    pub fn open_steps(&self) -> impl Iterator<Item = &Step> {
        let lesson = self.lesson();
        let is_open = |step: &&Step| self.progress.step_state(&step_key(&lesson.id, &step.id)) != StepState::Done;
        lesson.steps.iter().filter(is_open)
    }

    /// The step after a position, in the next lesson if need be.
    pub fn after(&self, position: Position) -> Option<Position> {
        let Position { lesson, step } = position;
        if step + 1 < self.course.lessons[lesson].steps.len() {
            return Some(Position { lesson, step: step + 1 });
        }
        (lesson + 1 < self.course.lessons.len()).then_some(Position { lesson: lesson + 1, step: 0 })
    }

    /// The step before a position.
    pub fn before(&self, position: Position) -> Option<Position> {
        let Position { lesson, step } = position;
        if step > 0 {
            return Some(Position { lesson, step: step - 1 });
        }
        let lesson = lesson.checked_sub(1)?;
        Some(Position { lesson, step: self.course.lessons[lesson].steps.len() - 1 })
    }
}
