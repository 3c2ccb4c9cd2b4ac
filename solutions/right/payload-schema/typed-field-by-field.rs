//! Each field is read into a type of its own that says whether it fits.

use rooms::{Io, Payload};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Text<const LIMIT: usize>;

impl<const LIMIT: usize> TryFrom<String> for Text<LIMIT> {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.chars().count() {
            count if count > LIMIT => Err("too long"),
            _ if text.chars().all(char::is_whitespace) => Err("blank"),
            _ => Ok(Self),
        }
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u8")]
struct Priority;

impl TryFrom<u8> for Priority {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        if matches!(number, 1..=5) { Ok(Self) } else { Err("out of range") }
    }
}

#[derive(Serialize)]
struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<String>,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_, payload| {
            let errors = faults(payload);
            payload.ack(Answer { ok: errors.is_empty(), errors });
        });
    });
}

fn faults(payload: &Payload) -> Vec<String> {
    let Value::Object(mut fields) = payload.value().clone() else {
        return vec!["payload".to_owned()];
    };
    let mut faults: Vec<_> = [
        fits::<Text<32>>(&mut fields, "projectId", false),
        fits::<Text<80>>(&mut fields, "title", false),
        fits::<Priority>(&mut fields, "priority", true),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect();
    // What is left, nobody asked for.
    faults.extend(fields.into_iter().map(|(name, _)| name));
    faults.sort();
    faults
}

/// Takes a field out; the error is its name.
fn fits<T: DeserializeOwned>(fields: &mut Map<String, Value>, name: &str, optional: bool) -> Result<(), String> {
    match fields.remove(name) {
        None if optional => Ok(()),
        None => Err(name.to_owned()),
        Some(value) => serde_json::from_value::<T>(value).map(drop).map_err(|_| name.to_owned()),
    }
}
