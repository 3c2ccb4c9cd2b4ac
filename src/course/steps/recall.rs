//! `kind = "recall"`: an exercise to solve once more, from memory.

use super::super::fields::{Fields, owned};
use super::context::Context;
use super::kind::{Kind, Use};

/// The core pattern, to be written from memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// The id of the exercise that checks it.
    pub exercise: String,
}

impl Kind for Recall {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        Self { exercise: owned(context.exercise(fields, "exercise")) }
    }

    fn exercise(&self) -> Use<'_> {
        Use::SolveAgain(&self.exercise)
    }
}
