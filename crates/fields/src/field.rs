//! What a declaration says of a key: whether it has to be there, and how often its value.

use crate::mistake::Code;
use crate::shape::Shape;
use crate::table::Fields;
use crate::value::Value;

/// What stands behind a key, or does not.
pub trait Field: Sized {
    /// Whether the key has to be there.
    const IS_REQUIRED: bool;

    /// What may stand there.
    fn shape() -> Shape;

    /// Reads it, and reports what is wrong with it.
    fn read(fields: &mut Fields<'_>, key: &'static str) -> Self;
}

/// A value that has to be there. One that is not, or is wrong, has been reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required<T>(pub Option<T>);

impl<T: Default> Required<T> {
    /// The value, or nothing instead of one that has been reported.
    pub fn or_default(self) -> T {
        self.0.unwrap_or_default()
    }
}

impl<T: Value> Field for Required<T> {
    const IS_REQUIRED: bool = true;

    fn shape() -> Shape {
        T::shape()
    }

    fn read(fields: &mut Fields<'_>, key: &'static str) -> Self {
        Self(fields.require(key, &format!("{key} = …")).and_then(T::read))
    }
}

/// A value that may be there.
impl<T: Value> Field for Option<T> {
    const IS_REQUIRED: bool = false;

    fn shape() -> Shape {
        T::shape()
    }

    fn read(fields: &mut Fields<'_>, key: &'static str) -> Self {
        fields.get(key).and_then(T::read)
    }
}

/// A list that may be there. Values in it that are wrong have been reported.
impl<T: Value> Field for Vec<T> {
    const IS_REQUIRED: bool = false;

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()), false)
    }

    fn read(fields: &mut Fields<'_>, key: &'static str) -> Self {
        fields.get(key).map(|item| item.list().filter_map(T::read).collect()).unwrap_or_default()
    }
}

/// A list that has to be there, with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled<T>(pub Vec<T>);

impl<T: Value> Field for Filled<T> {
    const IS_REQUIRED: bool = true;

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()), true)
    }

    fn read(fields: &mut Fields<'_>, key: &'static str) -> Self {
        let line = match (T::IS_TABLE, fields.is_root) {
            (true, true) => format!("[[{key}]]"),
            (true, false) => format!("{key} = [{{ … }}]"),
            (false, _) => format!("{key} = …"),
        };
        let Some(item) = fields.require(key, &line) else { return Self(Vec::new()) };
        if item.is_empty_list() {
            item.error(Code::Empty, format!("`{key}` is empty"), None);
        }
        Self(item.list().filter_map(T::read).collect())
    }
}
