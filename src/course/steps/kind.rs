//! The interface of a kind of step.

use fields::Table;

use super::super::reader::Reader;
use super::context::Context;

/// A kind of step: the keys of its table in `lesson.toml` beyond those of every step.
pub(in crate::course) trait Kind: Sized {
    /// The keys that only this kind has.
    type Keys: Table;

    /// Whether such a step can show something on a server.
    const SHOWS: bool = false;

    /// The step with these keys. Reports every mistake that is in more than the spelling of one key; after one the course
    /// is not handed out.
    fn new(keys: Self::Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self;

    /// How such a step uses an exercise.
    fn exercise(&self) -> Use<'_>;
}

/// How a step uses an exercise, which is named by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use<'a> {
    /// It uses none.
    Nothing,
    /// The learner works on its file. Other steps share the file, and the step does not need a pass.
    File(&'a str),
    /// The step is done once it has passed. It has the exercise's title, and takes as long.
    Solve(&'a str),
    /// The same once more, from memory. The step is named after its own id.
    SolveAgain(&'a str),
}
