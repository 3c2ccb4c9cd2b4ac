//! JSON as a tree of values, but never a large one.
//!
//! A tree takes up to sixty times the memory of its text, and time to build. An application that looks at one field of
//! a stranger's message should not have to pay for that.

use std::cell::Cell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The most values that a tree may have, nested ones included.
pub(crate) const MAX_VALUES: usize = 4096;

/// How many fields of an object may turn out to be too large before its remaining lists and objects are skipped.
const MAX_FAILURES: usize = 3;

/// Reads a tree. In an object with too many values, the fields that have too many are `null`, and the others are there.
///
/// # Errors
///
/// When the text is not JSON, when a [`Value`] cannot hold it, or when it is a list of more than [`MAX_VALUES`] or an
/// object of more fields.
pub(crate) fn value(json: &str) -> serde_json::Result<Value> {
    let left = Cell::new(MAX_VALUES);
    match tree(json, &left) {
        Err(_) if left.get() == 0 && json.starts_with('{') => fields(json),
        outcome => outcome,
    }
}

fn tree(json: &str, left: &Cell<usize>) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = Tree { left }.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// An object, one field at a time.
fn fields(json: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = deserializer.deserialize_map(Fields)?;
    deserializer.end().map(|()| value)
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let (mut left, mut failures) = (MAX_VALUES, 0);
        let mut fields = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            let json: &RawValue = object.next_value()?;
            let Some(others) = left.checked_sub(1) else { return Err(too_many()) };
            let is_scalar = !json.get().starts_with(['[', '{']);
            let room = Cell::new(if is_scalar { 1 } else { others });
            let tried = is_scalar || failures < MAX_FAILURES;
            let value = if tried { tree(json.get(), &room).ok() } else { None };
            // A field that failed does not count against the limit, or a large field would hide those behind it.
            failures += usize::from(value.is_none());
            left = if is_scalar || value.is_none() { others } else { room.get() };
            fields.insert(key, value.unwrap_or_default());
        }
        Ok(fields.into())
    }
}

fn too_many<E: Error>() -> E {
    E::custom(format!("more than {MAX_VALUES} values"))
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
            return Err(too_many());
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
    fn a_large_field_is_null_and_the_others_are_there() {
        let large = format!("[{}]", vec!["0"; MAX_VALUES].join(","));
        let read = value(&format!(r#"{{"a":"first","b":{large},"c":7,"d":{{"e":[1,2]}}}}"#)).unwrap();
        assert_eq!(read, serde_json::json!({ "a": "first", "b": null, "c": 7, "d": { "e": [1, 2] } }));
        let many = format!(r#"{{"a":{large},"b":{large},"c":{large},"d":[1],"e":2}}"#);
        assert_eq!(value(&many).unwrap(), serde_json::json!({ "a": null, "b": null, "c": null, "d": null, "e": 2 }));
        let keys = vec![r#""k":0"#; MAX_VALUES + 1].join(",");
        assert!(value(&format!("{{{keys}}}")).is_err());
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
