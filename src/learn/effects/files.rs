//! Work on the learner's files, in the saver's thread: nothing in the loop waits for a disk.

use std::path::{Path, PathBuf};

use judge::{Package, Workshop, cut};

use crate::course::steps::Bug;
use crate::coursework::solution::{self, Texts};
use crate::coursework::{bug, reset};
use crate::learn::message::{Message, StepBug};
use crate::progress::{Assertions, Backups, Notes};

/// The learner's files.
pub(super) struct Files {
    pub(super) workshop: Workshop,
    pub(super) notes: Notes,
    pub(super) backups: Backups,
    pub(super) assertions: Assertions,
}

impl Files {
    /// The learner's file of an exercise.
    pub(super) fn exercise(&self, exercise: &str) -> PathBuf {
        self.workshop.layout.code(Package::Exercises, exercise)
    }

    pub(super) fn load_note(&self, id: String) -> Message {
        let result = self.notes.read(&id);
        Message::NoteLoaded { id, result }
    }

    pub(super) fn write(&self, exercise: String, text: &str) -> Message {
        match bug::put_example(&self.backups, &exercise, &self.exercise(&exercise), text) {
            Ok(_) => Message::Written { exercise },
            Err(error) => Message::Trouble(error.into()),
        }
    }

    pub(super) fn reset(&self, exercise: String, starter: &Path) -> Message {
        let result = reset::reset(&self.backups, &exercise, &self.exercise(&exercise), starter);
        Message::Reset { exercise, result }
    }

    pub(super) fn plant(&self, step: String, exercise: &str, bug: &Bug) -> Message {
        let result = bug::plant(&self.backups, &self.assertions, exercise, &self.exercise(exercise), bug);
        Message::Planted { about: StepBug { step, bug: bug.id.clone() }, result }
    }

    /// Both texts, cut to a length that can be compared and drawn in the loop.
    pub(super) fn compare(&self, exercise: String) -> Message {
        let texts =
            solution::texts(&self.exercise(&exercise), &self.workshop.layout.code(Package::Solutions, &exercise));
        let short = |text: String| cut(&text).into_owned();
        let result = texts.map(|texts| Texts { learner: short(texts.learner), solution: short(texts.solution) });
        Message::Comparison { exercise, result }
    }
}
