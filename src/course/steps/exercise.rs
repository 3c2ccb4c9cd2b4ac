//! `kind = "exercise"` and `kind = "project"`: an exercise to solve.

use super::super::fields::{Fields, owned};
use super::context::Context;
use super::kind::{Kind, Use};

/// A step about one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExerciseRef {
    /// Its id.
    pub exercise: String,
}

impl Kind for ExerciseRef {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        Self { exercise: owned(context.exercise(fields, "exercise")) }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Solve(&self.exercise)
    }
}
