//! The parts of the lesson that a step may refer to while it is read.

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::fields::{Fields, Text, owned};
use super::super::folder::Folder;
use super::super::names::Unique;
use super::super::suggest;

/// The lesson around a step, as far as it has been read.
pub(in crate::course) struct Context<'a> {
    pub(in crate::course) folder: &'a Folder<'a>,
    pub(in crate::course) exercises: &'a [Exercise],
    /// The re-typed sources of earlier steps, each with the exercise whose file it goes to.
    pub(in crate::course) examples: &'a mut Vec<(String, String)>,
    /// The notes of the whole course.
    pub(in crate::course) notes: &'a mut Unique,
    /// The interview questions of the lesson.
    pub(in crate::course) questions: &'a mut Unique,
}

impl Context<'_> {
    /// The exercise that `key` names, which has to be one of the lesson's.
    pub(super) fn exercise(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<Text> {
        let id = fields.id(key)?;
        self.check_exercise(fields, id)
    }

    /// The id, if the lesson has such an exercise.
    pub(super) fn check_exercise(&self, fields: &Fields<'_>, id: Text) -> Option<Text> {
        let mut ids = self.exercises.iter().map(|exercise| exercise.id.as_str());
        if ids.clone().any(|known| known == id.get_ref()) {
            return Some(id);
        }
        let message = format!("this lesson has no exercise `{}`", id.get_ref());
        let help =
            suggest::help(id.get_ref(), &mut ids).unwrap_or_else(|| "declare it under `[[exercises]]`".to_owned());
        fields.error(id.span(), Code::UnknownExercise, message, help);
        None
    }

    /// The id of a note, which no other note of the course may have.
    pub(super) fn note(&mut self, fields: &mut Fields<'_>, key: &'static str) -> String {
        let id = fields.id(key);
        if let Some(id) = &id {
            self.notes.claim(fields, id, "a note");
        }
        owned(id)
    }
}
