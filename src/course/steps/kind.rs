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

    /// Such a step for a new lesson.
    const TEMPLATE: Template;

    /// The step with these keys. Reports every mistake that is in more than the spelling of one key; after one the course
    /// is not handed out.
    fn new(keys: Self::Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self;

    /// How such a step uses an exercise.
    fn exercise(&self) -> Use<'_>;
}

/// A step as authors begin with it. In all texts `@short@` stands for the beginning of the lesson's id, `@exercise@` for that of an
/// exercise that has a page, and `@example@` for that of one whose file is typed.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its keys in `lesson.toml` besides the kind.
    pub keys: &'static str,
    /// How long it takes; `None` if it takes as long as its exercise.
    pub minutes: Option<u32>,
    /// Files in the lesson's folder: their names, and what stands in them.
    pub files: &'static [(&'static str, &'static str)],
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
