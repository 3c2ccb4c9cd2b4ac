//! `kind = "recall"`: an exercise to solve once more, from memory.

use fields::{Required, table};

use super::super::reader::{Id, Reader};
use super::context::Context;
use super::kind::{Kind, Template, Use};

/// The core pattern, to be written from memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// The id of the exercise that checks it.
    pub exercise: String,
}

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The exercise that checks what is written, by its id.
        exercise: Required<Id>,
    }
}

impl Kind for Recall {
    type Keys = Keys;
    const TEMPLATE: Template = Template {
        keys: r#"id = "recall"
title = "Once more, from memory"
exercise = "@exercise@"
"#,
        minutes: None,
        files: &[],
    };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        Self { exercise: context.exercise_id(reader, keys.exercise) }
    }

    fn exercise(&self) -> Use<'_> {
        Use::SolveAgain(&self.exercise)
    }
}
