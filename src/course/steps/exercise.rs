//! `kind = "exercise"` and `kind = "project"`: an exercise to solve.

use fields::{Required, table};

use super::super::reader::{Id, Reader};
use super::context::Context;
use super::kind::{Kind, Template, Use};

/// A step about one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExerciseRef {
    /// Its id.
    pub exercise: String,
}

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The exercise to solve, by its id.
        exercise: Required<Id>,
    }
}

impl Kind for ExerciseRef {
    type Keys = Keys;
    const TEMPLATE: Template =
        Template { keys: "id = \"@kind@\"\nexercise = \"@exercise@\"\n", minutes: None, files: &[] };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        Self { exercise: context.exercise_id(reader, keys.exercise) }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Solve(&self.exercise)
    }
}
