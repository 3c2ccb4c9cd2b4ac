//! What may be written, as data: schemas and pages about the keys are made of it.

use crate::table::Key;

/// What a value may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A string that is not blank.
    Text,
    /// Any string.
    Verbatim,
    /// A string that this regular expression describes (the dialect of JSON Schema, ECMA 262).
    Pattern(&'static str),
    /// One of these values.
    Choice(Vec<Choice>),
    /// True or false.
    Truth,
    /// A whole number from this one on.
    Number(u64),
    /// Two numbers, from and to.
    Range,
    /// Any value.
    Anything,
    /// A table with any keys.
    AnyTable,
    /// A list; the flag says whether something has to be in it.
    List(Box<Shape>, bool),
    /// A value, or a list of such values with at least one.
    OneOrMany(Box<Shape>),
    /// A table with these keys.
    Table(Vec<Written>),
    /// A table with keys of the writer's choice, each of which has such a value.
    Named(Box<Shape>),
    /// One of these.
    OneOf(Vec<Shape>),
}

/// A value to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This string.
    Text(&'static str),
    /// True or false.
    Truth(bool),
}

/// A key, and what may stand behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The key.
    pub key: Key,
    /// What its value may be.
    pub shape: Shape,
}
