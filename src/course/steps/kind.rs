//! What a kind of step has to say for itself.

use fields::Table;

use super::super::reader::Reader;
use super::context::Context;

/// A kind of step: what its table in `lesson.toml` says beyond what the table of every step says.
pub(in crate::course) trait Kind: Sized {
    /// The keys that only this kind has.
    type Keys: Table;

    /// The step with these keys. Reports every mistake that is in more than the spelling of one key; after one the course
    /// is not handed out.
    fn new(keys: Self::Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self;

    /// What such a step has to do with an exercise.
    fn exercise(&self) -> Use<'_>;
}

/// What a step has to do with an exercise, which is named by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use<'a> {
    /// The learner works on the file of none.
    Nothing,
    /// The learner works on its file. Other steps share it, and the step is done without its passing.
    File(&'a str),
    /// The step is done once it has passed. It is called as the exercise is, and takes as long.
    Solve(&'a str),
    /// The same once more, from memory. The step is called by its own id.
    SolveAgain(&'a str),
}
