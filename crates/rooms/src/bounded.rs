//! JSON as a tree of values, but not a large one.
//!
//! A tree takes up to sixty times the memory of its text, and the time to build it. An application that looks at one
//! field of what a stranger sent does not mean to pay for that.

use std::cell::Cell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The most values that a tree may have, those within others included.
pub(crate) const MAX_VALUES: usize = 4096;

/// Reads a tree.
///
/// # Errors
///
/// When the text is no JSON, or such that a [`Value`] cannot hold it, or has more than [`MAX_VALUES`].
pub(crate) fn value(json: &str) -> serde_json::Result<Value> {
    let left = Cell::new(MAX_VALUES);
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = Tree { left: &left }.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// One value and those in it.
#[derive(Clone, Copy)]
struct Tree<'a> {
    /// How many more there may be.
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Err(D::Error::custom(format!("more than {MAX_VALUES} values")));
        };
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            fields.insert(key, object.next_value_seed(self)?);
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_many_values_as_are_allowed_are_read_and_no_more() {
        let list = |length: usize| format!("[{}]", vec!["0"; length].join(","));
        assert!(value(&list(MAX_VALUES - 1)).is_ok());
        let error = value(&list(MAX_VALUES)).unwrap_err().to_string();
        assert!(error.starts_with("more than 4096 values"), "{error}");
        let nested = format!("[{}]", vec![r#"{"a":[0]}"#; MAX_VALUES / 3 + 1].join(","));
        assert!(value(&nested).is_err());
    }

    #[test]
    fn what_is_left_over_is_an_error() {
        assert!(value("1 2").is_err());
    }

    proptest! {
        #[test]
        fn small_trees_are_those_of_serde_json(
            json in r#"(-?[0-9]{1,3}(\.5|e3|e999)?|true|null|"[a-z\\u0041]{0,3}"|\[1,\{"a":2,"a":[3]\}\]|\{"":\{\}\})"#,
        ) {
            prop_assert_eq!(value(&json).ok(), serde_json::from_str::<Value>(&json).ok());
        }
    }
}
