//! What a value may be.

use std::num::{NonZero, NonZeroU32};

use toml::Spanned;

use crate::item::Item;
use crate::mistake::Code;
use crate::shape::Shape;

/// A type of values.
pub trait Value: Sized {
    /// Whether it is a table, which in a list may be written below a `[[heading]]`.
    const IS_TABLE: bool = false;

    /// What it may be, as data.
    fn shape() -> Shape;

    /// Reads a value, or reports why it is none of this type.
    fn read(item: Item<'_>) -> Option<Self>;
}

/// A text and where it stands.
pub type Text = Spanned<String>;

/// A string; it may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verbatim(pub String);

impl Value for Verbatim {
    fn shape() -> Shape {
        Shape::Verbatim
    }

    fn read(item: Item<'_>) -> Option<Self> {
        item.as_str().map(|text| Self(text.to_owned())).or_else(|| item.wrong_type("a string"))
    }
}

/// A string that says something.
impl Value for String {
    fn shape() -> Shape {
        Shape::Text
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let Verbatim(text) = Value::read(item)?;
        if text.trim().is_empty() {
            item.error(Code::Empty, "this text is empty", None);
            return None;
        }
        item.accepts(&text).then_some(text)
    }
}

impl Value for bool {
    fn shape() -> Shape {
        Shape::Truth
    }

    fn read(item: Item<'_>) -> Option<Self> {
        item.value().as_bool().or_else(|| item.wrong_type("true or false"))
    }
}

impl Value for u32 {
    fn shape() -> Shape {
        Shape::Number(0)
    }

    fn read(item: Item<'_>) -> Option<Self> {
        item.number(|digits, radix| u32::from_str_radix(digits, radix).ok())
    }
}

impl Value for u64 {
    fn shape() -> Shape {
        Shape::Number(0)
    }

    fn read(item: Item<'_>) -> Option<Self> {
        item.number(|digits, radix| u64::from_str_radix(digits, radix).ok())
    }
}

impl Value for usize {
    fn shape() -> Shape {
        Shape::Number(0)
    }

    fn read(item: Item<'_>) -> Option<Self> {
        item.number(|digits, radix| usize::from_str_radix(digits, radix).ok())
    }
}

/// A number from 1 on.
impl Value for NonZeroU32 {
    fn shape() -> Shape {
        Shape::Number(1)
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let number = NonZero::new(u32::read(item)?);
        if number.is_none() {
            item.error(Code::BadValue, format!("`{}` takes a number from 1 on", item.key()), None);
        }
        number
    }
}

/// From and to: the first is not greater.
impl Value for [u32; 2] {
    fn shape() -> Shape {
        Shape::Range
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let values = item.value().as_array().map_or(0, |values| values.len());
        let numbers: Vec<u32> = item.list().filter_map(u32::read).collect();
        match numbers.as_slice() {
            &[from, to] if from <= to => return Some([from, to]),
            // A value of the wrong type has been reported.
            numbers if numbers.len() < values || !item.value().is_array() => {}
            _ => {
                let message = format!("`{}` takes two numbers, from and to, such as [120, 150]", item.key());
                item.error(Code::BadValue, message, None);
            }
        }
        None
    }
}

/// A value, or several in a list, of which there has to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Value> Value for OneOrMany<T> {
    fn shape() -> Shape {
        Shape::OneOrMany(Box::new(T::shape()))
    }

    fn read(item: Item<'_>) -> Option<Self> {
        if !item.value().is_array() {
            return T::read(item).map(|one| Self(vec![one]));
        }
        if item.is_empty_list() {
            item.error(Code::Empty, format!("`{}` is empty", item.key()), None);
        }
        Some(Self(item.list().filter_map(T::read).collect()))
    }
}

/// A value and where it stands.
impl<T: Value> Value for Spanned<T> {
    const IS_TABLE: bool = T::IS_TABLE;

    fn shape() -> Shape {
        T::shape()
    }

    fn read(item: Item<'_>) -> Option<Self> {
        T::read(item).map(|value| Self::new(item.span(), value))
    }
}
