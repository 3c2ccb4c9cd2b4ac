//! The messages to the model, and the effects that it asks for.
//!
//! [`update`](super::update::update()) takes a [`Message`] and returns [`Effect`]s. Effects run outside, in `effects`,
//! and come back as messages; so a slow build never delays a key.

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use judge::source::SourceError;
use judge::{BuildError, CheckError, CheckReport};
use rooms::observer::Record;
use scenario::transcript::Tally;

use super::jobs::Job;
use super::trouble::{ServerError, ShowError, Trouble};
use crate::course::steps::Bug;
use crate::course::{Course, Diagnostic, Show};
use crate::coursework::assertion::{Tried, TryError};
use crate::coursework::bug::PlantError;
use crate::coursework::fix::Fix;
use crate::coursework::reset::ResetError;
use crate::coursework::solution::Texts;
use crate::progress::{FileError, Note, Progress, Replaced};

/// A bug and its debug step. Work on it takes time, and the learner may be at another step when it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepBug {
    /// The key of the step.
    pub step: String,
    /// The bug's id.
    pub bug: String,
}

/// A message to the model.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has a new size.
    Resize {
        /// Columns from now on.
        columns: u16,
        /// Rows from now on.
        rows: u16,
    },
    /// Time passed. Sent before every other message too, so that the model always knows the time.
    Time {
        /// Milliseconds since the workshop was opened.
        now_ms: u64,
        /// Seconds since 1970, for times that are kept.
        unix_seconds: u64,
    },
    /// A record of the embedded server.
    Embedded(Record),
    /// The learner's own server listens.
    LiveStarted {
        /// The exercise that it is built from.
        exercise: String,
        /// The address that it listens on.
        address: String,
    },
    /// A record of the learner's own server.
    Live(Record),
    /// The learner's code printed a line.
    LivePrinted(String),
    /// The learner's own server has ended, or did not start. Holds the reason, unless it was asked to end.
    LiveEnded(Option<ServerError>),
    /// An editor gets the terminal: the learner sees nothing of the workshop until it ends.
    Editing,
    /// The learner is back from the editor that the workshop opened.
    Edited,
    /// The file of an exercise was saved by an editor.
    Saved {
        /// The exercise's id.
        exercise: String,
    },
    /// A job has made progress.
    JobProgress {
        /// The job.
        job: Job,
        /// How far it is.
        progress: judge::Progress,
    },
    /// The first build has made progress.
    PrepareProgress(judge::Progress),
    /// The first build is over.
    Prepared(Result<(), BuildError>),
    /// A check is over.
    Checked {
        /// The exercise's id.
        exercise: String,
        /// The verdict, or why there is none.
        result: Result<Box<CheckReport>, CheckError>,
    },
    /// A bug was planted, or not.
    Planted {
        /// The bug, and its step.
        about: StepBug,
        /// The code with the bug in it, or why it was not planted.
        result: Result<String, PlantError>,
    },
    /// The learner's assertion was tried on the buggy server and on a correct one.
    AssertionTried {
        /// The bug, and its step.
        about: StepBug,
        /// The results, or why it could not be tried.
        result: Result<Tried, TryError>,
    },
    /// The learner's fix was checked.
    FixChecked {
        /// The bug, and its step.
        about: StepBug,
        /// The results, or why it could not be checked.
        result: Result<Box<Fix>, TryError>,
    },
    /// A note was read from its file.
    NoteLoaded {
        /// The note's id.
        id: String,
        /// The note, if it exists, or why it cannot be read.
        result: Result<Option<Note>, FileError>,
    },
    /// The learner's file and the solution.
    Comparison {
        /// The exercise's id.
        exercise: String,
        /// Both texts, or why not.
        result: Result<Texts, SourceError>,
    },
    /// The server that was built for a step's show listens.
    ShowServed {
        /// The number of the show.
        number: u64,
        /// The address that it listens on.
        address: String,
    },
    /// A record of that server.
    ShowRecord {
        /// The number of the show.
        number: u64,
        /// What happened.
        record: Record,
    },
    /// A step's show was played.
    Shown {
        /// The number of the show.
        number: u64,
        /// The result, or why it was not played.
        result: Result<Played, ShowError>,
    },
    /// The text of an exercise was written.
    Written {
        /// The exercise's id.
        exercise: String,
    },
    /// The starter was put back instead of the learner's code, or not.
    Reset {
        /// The exercise's id.
        exercise: String,
        /// What was replaced, or why it was not.
        result: Result<Replaced, ResetError>,
    },
    /// A file of the lessons has changed.
    LessonsChanged,
    /// The lessons were read again. Holds the course, or every mistake if no lesson can be opened.
    Reloaded(Result<Box<Course>, Vec<Diagnostic>>),
    /// Something did not work; say so.
    Trouble(Trouble),
    /// The program is asked to end.
    Quit,
}

/// The result of a show that was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// What happened, step by step.
    pub transcript: String,
    /// How often each client received each event.
    pub tally: Vec<Tally>,
}

/// Something to be done outside the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Save this progress.
    SaveProgress(Box<Progress>),
    /// Save a note.
    SaveNote {
        /// Its id.
        id: String,
        /// Its question and text.
        note: Note,
    },
    /// Read a note.
    LoadNote {
        /// Its id.
        id: String,
    },
    /// Check an exercise; a running check is dropped.
    Check {
        /// The exercise's id.
        exercise: String,
    },
    /// Open an exercise's file in the learner's editor.
    EditExercise {
        /// The exercise's id.
        exercise: String,
        /// The line to open it at.
        line: Option<u32>,
    },
    /// Open the assertion of a bug in the learner's editor.
    EditAssertion {
        /// The exercise's id.
        exercise: String,
        /// The bug's id.
        bug: String,
    },
    /// Open a note in the learner's editor.
    EditNote {
        /// Its id.
        id: String,
    },
    /// Write the text of an exercise, keeping the code that was there.
    WriteExercise {
        /// The exercise's id.
        exercise: String,
        /// Its text.
        text: String,
    },
    /// Put the starter back, keeping the code that was there.
    Reset {
        /// The exercise's id.
        exercise: String,
        /// The starter.
        starter: PathBuf,
    },
    /// Plant a bug in an exercise's file and lay out its assertion.
    Plant {
        /// The key of the debug step.
        step: String,
        /// The exercise's id.
        exercise: String,
        /// The bug.
        bug: Box<Bug>,
    },
    /// Try an assertion on the buggy server and on a correct one.
    TryAssertion {
        /// The exercise's id.
        exercise: String,
        /// The bug, and its step.
        about: StepBug,
        /// The fingerprint of the file with the bug in it.
        planted: String,
    },
    /// Check the fixed code against the assertion and the exercise's own scenarios.
    CheckFix {
        /// The exercise's id.
        exercise: String,
        /// The bug, and its step.
        about: StepBug,
    },
    /// Serve the learner's file.
    StartLive {
        /// The exercise's id.
        exercise: String,
    },
    /// Stop serving it.
    StopLive,
    /// Read the learner's file and the solution.
    Compare {
        /// The exercise's id.
        exercise: String,
    },
    /// Play a step's show, and let its clients stay and the simulated people rest until [`Effect::EndShow`]; a show that
    /// is still being played is dropped.
    Show {
        /// The number of the show, which all messages about it carry.
        number: u64,
        /// The scenario, and the program that it is played on.
        show: Box<Show>,
    },
    /// Let the clients of the show leave and the simulated people go on.
    EndShow,
    /// Read the lessons again.
    Reload,
    /// Leave.
    Quit,
}
