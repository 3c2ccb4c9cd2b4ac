//! News for steps.

use judge::report::Verdict;
use judge::source::SourceError;

use crate::coursework::assertion::{Tried, TryError};
use crate::coursework::fix::Fix;
use crate::coursework::solution::Texts;
use crate::learn::message::StepBug;
use crate::progress::Note;

/// Something that may be about the step on the screen. Steps that it is not about ignore it.
#[derive(Debug)]
pub enum News<'a> {
    /// The file of this exercise was saved by an editor.
    Saved(&'a str),
    /// The text of this exercise was written.
    Written(&'a str),
    /// An exercise was checked. Its result has been recorded already.
    Checked {
        /// The exercise's id.
        exercise: &'a str,
        /// The verdict.
        verdict: Verdict,
    },
    /// A bug was planted. It has been recorded already.
    Planted(&'a StepBug),
    /// The learner's assertion was tried on the buggy server and on a correct one.
    AssertionTried {
        /// The bug, and its step.
        about: &'a StepBug,
        /// The results, or why it could not be tried.
        result: Result<Tried, TryError>,
    },
    /// The learner's fix was checked.
    FixChecked {
        /// The bug, and its step.
        about: &'a StepBug,
        /// The results, or why it could not be checked.
        result: Result<Box<Fix>, TryError>,
    },
    /// A note was read from its file.
    NoteLoaded {
        /// Its id.
        id: &'a str,
        /// The note, if it exists and can be read.
        note: Option<&'a Note>,
    },
    /// The learner's file and the solution were read.
    Comparison {
        /// The exercise's id.
        exercise: &'a str,
        /// Both texts, or why not.
        result: Result<Texts, SourceError>,
    },
}
