//! The parts of the lesson that a step may refer to while it is read.

use fields::{Required, Text, suggest};

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::folder::Folder;
use super::super::names::Unique;
use super::super::reader::{Id, Reader};

/// The lesson around a step, as far as it has been read.
pub(in crate::course) struct Context<'a> {
    pub(in crate::course) folder: &'a Folder<'a>,
    pub(in crate::course) exercises: &'a [Exercise],
    /// The re-typed sources of earlier steps that become the file of an exercise.
    pub(in crate::course) typed: &'a mut Vec<Typed>,
    /// The notes of the whole course.
    pub(in crate::course) notes: &'a mut Unique,
    /// The interview questions of the lesson.
    pub(in crate::course) questions: &'a mut Unique,
}

/// A source that is re-typed for an exercise.
pub(in crate::course) struct Typed {
    /// The exercise whose file it becomes.
    pub(in crate::course) exercise: String,
    /// The name of its own file.
    pub(in crate::course) file: String,
    /// Its text.
    pub(in crate::course) source: String,
}

impl Context<'_> {
    /// The id, if it was read and the lesson has such an exercise.
    pub(super) fn exercise(&self, reader: &Reader<'_>, id: Option<Id>) -> Option<Text> {
        let Id(id) = id?;
        let mut ids = self.exercises.iter().map(|exercise| exercise.id.as_str());
        if ids.clone().any(|known| known == id.get_ref()) {
            return Some(id);
        }
        let message = format!("this lesson has no exercise `{}`", id.get_ref());
        let help =
            suggest::help(id.get_ref(), &mut ids).unwrap_or_else(|| "declare it under `[[exercises]]`".to_owned());
        reader.error(id.span(), Code::UnknownExercise, message, help);
        None
    }

    /// The same; nothing instead of one that has been reported.
    pub(super) fn exercise_id(&self, reader: &Reader<'_>, id: Required<Id>) -> String {
        self.exercise(reader, id.0).map(Text::into_inner).unwrap_or_default()
    }

    /// The id of a note, which no other note of the course may have.
    pub(super) fn note(&mut self, reader: &Reader<'_>, id: Required<Id>) -> String {
        self.notes.claim(reader, id, "a note")
    }
}
