//! `kind = "compare"`: the learner's code beside the solutions, and a note.

use fields::{Filled, Required, Text, table};

use super::super::reader::{Id, Reader};
use super::context::Context;
use super::kind::{Kind, Template, Use};

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

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The exercises to compare, by their ids.
        exercises: Filled<Id>,
        /// The text to look for.
        prompt: Required<String>,
        /// The id of the note that the learner writes, unique in the whole course.
        note: Required<Id>,
    }
}

impl Kind for Compare {
    type Keys = Keys;
    const TEMPLATE: Template = Template {
        keys: r#"id = "compare"
title = "Compare with the solution"
exercises = ["@exercise@"]
prompt = "What does the solution do that you would keep?"
note = "@short@-to-keep"
"#,
        minutes: Some(3),
        files: &[],
    };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        let exercises = keys.exercises.0.into_iter().filter_map(|id| context.exercise(reader, Some(id)));
        let exercises = exercises.map(Text::into_inner).collect();
        Self { exercises, prompt: keys.prompt.or_default(), note: context.note(reader, keys.note) }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}
