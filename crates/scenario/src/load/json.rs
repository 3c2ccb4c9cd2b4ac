//! Payloads: JSON that is written as TOML, or as a string.

use fields::{Code, Item, Shape, Value, Verbatim};
use serde_json::value::RawValue;
use serde_json::{Map, Number};
use toml::de::DeValue;

/// JSON that is written as TOML.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Json(pub(crate) serde_json::Value);

impl Value for Json {
    fn shape() -> Shape {
        Shape::Anything
    }

    fn read(item: Item<'_>) -> Option<Self> {
        json(item).map(Self)
    }
}

fn json(item: Item<'_>) -> Option<serde_json::Value> {
    Some(match item.value() {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(value) => (*value).into(),
        DeValue::Integer(digits) => number(item, integer(digits.as_str(), digits.radix()))?,
        DeValue::Float(digits) => number(item, digits.as_str().parse().ok().and_then(Number::from_f64))?,
        DeValue::Array(_) => item.list().map(json).collect::<Option<_>>()?,
        DeValue::Table(table) => {
            let entries = table.iter().map(|(key, value)| Some((key.get_ref().to_string(), json(item.inner(value))?)));
            entries.collect::<Option<Map<_, _>>>()?.into()
        }
        DeValue::Datetime(_) => {
            let help = "write the date as a string".to_owned();
            item.error(Code::WrongType, "JSON has no dates", help);
            return None;
        }
    })
}

/// Any integer that JSON's readers keep exactly: of 64 bits, with a sign or without.
fn integer(digits: &str, radix: u32) -> Option<Number> {
    let signed = i64::from_str_radix(digits, radix).map(Number::from);
    signed.or_else(|_| u64::from_str_radix(digits, radix).map(Number::from)).ok()
}

fn number(item: Item<'_>, number: Option<impl Into<Number>>) -> Option<serde_json::Value> {
    if number.is_none() {
        item.error(Code::BadValue, "JSON has no such number", None);
    }
    Some(serde_json::Value::Number(number?.into()))
}

/// A table of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JsonTable(pub(crate) serde_json::Value);

impl Value for JsonTable {
    const IS_TABLE: bool = true;

    fn shape() -> Shape {
        Shape::AnyTable
    }

    fn read(item: Item<'_>) -> Option<Self> {
        if item.value().is_table() { json(item).map(Self) } else { item.wrong_type("a table") }
    }
}

/// JSON that is sent as it stands, in one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawText(pub(super) String);

impl Value for RawText {
    fn shape() -> Shape {
        Shape::Verbatim
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let Verbatim(text) = Value::read(item)?;
        if text.contains(['\n', '\r']) {
            item.error(Code::BadValue, "this is sent as it stands, so it is one line", None);
            return None;
        }
        let parsed = serde_json::from_str::<&RawValue>(&text);
        parsed.map_err(|error| item.error(Code::BadValue, format!("this is not JSON: {error}"), None)).ok()?;
        Some(Self(text))
    }
}

/// JSON that is written as a string.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JsonText(pub(super) serde_json::Value);

impl Value for JsonText {
    fn shape() -> Shape {
        Shape::Verbatim
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let Verbatim(text) = Value::read(item)?;
        let parsed = serde_json::from_str(&text);
        let value =
            parsed.map_err(|error| item.error(Code::BadValue, format!("this is not JSON: {error}"), None)).ok()?;
        if depth(&value) > DEEPEST {
            let message = format!("lists and objects are nested deeper than {DEEPEST} levels");
            item.error(Code::BadValue, message, "write it as `payload_raw`".to_owned());
        }
        Some(Self(value))
    }
}

/// A script is handed on as JSON, in which a payload stands some levels deeper, and `serde_json` reads 128.
const DEEPEST: usize = 100;

fn depth(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or_default(),
        serde_json::Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or_default(),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => 0,
    }
}
