//! Check a payload: a table of fields, and one pass in each direction.

use std::collections::BTreeSet;

use rooms::Io;
use serde_json::{Value, json};

/// Each new task is checked, and its sender learns of every fault at once.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_socket, payload| {
            let errors = faults(payload.value());
            let answer = if errors.is_empty() {
                json!({ "ok": true })
            } else {
                json!({ "ok": false, "errors": errors })
            };
            payload.ack(answer);
        });
    });
}

struct Field {
    name: &'static str,
    required: bool,
    fits: fn(&Value) -> bool,
}

const FIELDS: [Field; 3] = [
    Field {
        name: "projectId",
        required: true,
        fits: |value| is_text(value, 32),
    },
    Field {
        name: "title",
        required: true,
        fits: |value| is_text(value, 80),
    },
    Field {
        name: "priority",
        required: false,
        fits: |value| value.as_u64().is_some_and(|n| (1..=5).contains(&n)),
    },
];

/// The names of the fields that are missing, unfit or unknown.
fn faults(payload: &Value) -> BTreeSet<&str> {
    let Some(fields) = payload.as_object() else {
        return BTreeSet::from(["payload"]);
    };
    let missing_or_unfit = FIELDS
        .iter()
        .filter(|field| match fields.get(field.name) {
            Some(value) => !(field.fits)(value),
            None => field.required,
        })
        .map(|field| field.name);
    let unknown = fields
        .keys()
        .map(String::as_str)
        .filter(|name| FIELDS.iter().all(|field| field.name != *name));
    missing_or_unfit.chain(unknown).collect()
}

/// A string that is not blank and has at most `limit` characters.
fn is_text(value: &Value, limit: usize) -> bool {
    value
        .as_str()
        .is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= limit)
}
