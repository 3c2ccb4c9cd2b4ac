//! Check a payload: a table of fields, and one look in each direction.

use std::collections::BTreeSet;

use rooms::Io;
use serde_json::{Value, json};

/// Each new task is checked, and its sender learns of every fault at once.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_socket, payload| {
            let errors = faults(payload.value());
            if errors.is_empty() {
                payload.ack(json!({ "ok": true }));
            } else {
                payload.ack(json!({ "ok": false, "errors": errors }));
            }
        });
    });
}

struct Field {
    name: &'static str,
    required: bool,
    fits: fn(&Value) -> bool,
}

const FIELDS: [Field; 3] = [
    Field { name: "projectId", required: true, fits: is_project_id },
    Field { name: "title", required: true, fits: is_title },
    Field { name: "priority", required: false, fits: is_priority },
];

/// The names of the fields that are missing, unfit or unknown.
fn faults(payload: &Value) -> BTreeSet<&str> {
    let Some(fields) = payload.as_object() else {
        return BTreeSet::from(["payload"]);
    };
    let missing_or_unfit = FIELDS.iter().filter(|field| match fields.get(field.name) {
        Some(value) => !(field.fits)(value),
        None => field.required,
    });
    let is_known = |name: &str| FIELDS.iter().any(|field| field.name == name);
    let unknown = fields.keys().filter(|name| !is_known(name));

    missing_or_unfit.map(|field| field.name).chain(unknown.map(String::as_str)).collect()
}

fn is_project_id(value: &Value) -> bool {
    is_text(value, 32)
}

fn is_title(value: &Value) -> bool {
    is_text(value, 80)
}

fn is_priority(value: &Value) -> bool {
    value.as_u64().is_some_and(|priority| (1..=5).contains(&priority))
}

/// A string that is not blank and has at most `limit` characters.
fn is_text(value: &Value, limit: usize) -> bool {
    let Some(text) = value.as_str() else {
        return false;
    };
    !text.trim().is_empty() && text.chars().count() <= limit
}
