//! `kind = "compare"`: the learner's code beside the solutions, and a note.

use toml::Spanned;

use super::super::fields::{Fields, owned};
use super::context::Context;
use super::kind::{Kind, Use};

/// Solved exercises to compare with their solutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// Their ids.
    pub exercises: Vec<String>,
    /// What to look for.
    pub prompt: String,
    /// The id of the note that the learner writes.
    pub note: String,
}

impl Kind for Compare {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        let ids = fields.ids("exercises");
        let exercises = ids.into_iter().filter_map(|id| context.check_exercise(fields, id)).map(Spanned::into_inner);
        let exercises = exercises.collect();
        Self { exercises, prompt: owned(fields.text("prompt")), note: context.note(fields, "note") }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}
