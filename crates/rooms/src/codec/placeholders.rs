//! The placeholders of attachments in the data of a packet: `{"_placeholder":true,"num":0}`.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Whether each placeholder refers to one of `attachments` attachments. Checked without building a tree of values.
pub(super) fn fit(data: &RawValue, attachments: usize) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(data.get());
    Search { attachments: attachments as u64 }.deserialize(&mut deserializer).is_ok_and(|found| found.fits)
}

/// The placeholders that were found in a value.
#[derive(Clone, Copy)]
struct Found {
    /// Whether all placeholders in it fit.
    fits: bool,
    is_true: bool,
    number: Option<u64>,
}

impl Found {
    /// Neither a placeholder nor a part of one.
    const NOTHING: Self = Self { fits: true, is_true: false, number: None };
}

#[derive(Clone, Copy)]
struct Search {
    attachments: u64,
}

impl<'de> DeserializeSeed<'de> for Search {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Search {
    type Value = Found;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::NOTHING)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Found, E> {
        Ok(Found { is_true: value, ..Found::NOTHING })
    }

    fn visit_i64<E>(self, _: i64) -> Result<Found, E> {
        Ok(Found::NOTHING)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Found, E> {
        Ok(Found { number: Some(value), ..Found::NOTHING })
    }

    fn visit_f64<E>(self, _: f64) -> Result<Found, E> {
        Ok(Found::NOTHING)
    }

    fn visit_str<E>(self, _: &str) -> Result<Found, E> {
        Ok(Found::NOTHING)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let mut fits = true;
        while let Some(item) = list.next_element_seed(self)? {
            fits &= item.fits;
        }
        Ok(Found { fits, ..Found::NOTHING })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Found, A::Error> {
        let (mut fits, mut is_place, mut number) = (true, false, None);
        while let Some(key) = object.next_key_seed(KeyOfPlace)? {
            let found = object.next_value_seed(self)?;
            fits &= found.fits;
            // Of two values with the same key the last counts.
            match key {
                Key::Placeholder => is_place = found.is_true,
                Key::Num => number = found.number,
                Key::Other => {}
            }
        }
        let fits = if is_place { number.is_some_and(|number| number < self.attachments) } else { fits };
        Ok(Found { fits, ..Found::NOTHING })
    }
}

/// A key: one of a placeholder's two, or any other.
enum Key {
    Placeholder,
    Num,
    Other,
}

/// Reads a key without keeping it.
struct KeyOfPlace;

impl<'de> DeserializeSeed<'de> for KeyOfPlace {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOfPlace {
    type Value = Key;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(match key {
            "_placeholder" => Key::Placeholder,
            "num" => Key::Num,
            _ => Key::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(json: &str) -> bool {
        fit(&RawValue::from_string(json.to_owned()).unwrap(), 2)
    }

    #[test]
    fn each_place_has_the_number_of_an_attachment() {
        for json in [
            r#"["e",{"_placeholder":true,"num":1}]"#,
            r#"["e",{"a":[{"num":0,"_placeholder":true}]}]"#,
            r#"["e",{"_placeholder":false,"num":7},{"num":7},{"_placeholder":1}]"#,
            r#"["e",{"_placeholder":true,"num":7,"num":0}]"#,
            "[]",
        ] {
            assert!(fits(json), "{json}");
        }
        for json in [
            r#"["e",{"_placeholder":true,"num":2}]"#,
            r#"["e",{"_placeholder":true}]"#,
            r#"["e",{"_placeholder":true,"num":"0"}]"#,
            r#"["e",{"_placeholder":true,"num":-1}]"#,
            r#"["e",{"_placeholder":true,"num":0.0}]"#,
            r#"["e",[{"a":{"\u005fplaceholder":true,"num":2}}]]"#,
            r#"["e",{"_placeholder":true,"num":0,"num":7}]"#,
        ] {
            assert!(!fits(json), "{json}");
        }
    }
}
