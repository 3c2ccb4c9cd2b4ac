//! Accents that stand alone are not counted.
//!
//! Fails: counts-characters-not-bytes
//! Says: Step 12
//! Says: and got ack {"ok":true}; errors is missing

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

/// Whether a value fits a field.
type Fits = fn(&Value) -> bool;

/// Each field: its name, whether it is required, and what fits.
const FIELDS: [(&str, bool, Fits); 3] =
    [("projectId", true, is_project_id), ("title", true, is_title), ("priority", false, is_priority)];

/// The names of the fields that are missing, unfit or unknown.
fn faults(payload: &Value) -> BTreeSet<&str> {
    let Some(fields) = payload.as_object() else {
        return BTreeSet::from(["payload"]);
    };
    let mut faults = BTreeSet::new();
    for (name, required, fits) in FIELDS {
        if fields.get(name).map_or(required, |value| !fits(value)) {
            faults.insert(name);
        }
    }
    for name in fields.keys() {
        if !FIELDS.iter().any(|(known, ..)| known == name) {
            faults.insert(name);
        }
    }
    faults
}

fn is_project_id(value: &Value) -> bool {
    is_text(value, 32)
}

fn is_title(value: &Value) -> bool {
    is_text(value, 80)
}

/// A string that is not blank and has at most `limit` characters.
fn is_text(value: &Value, limit: usize) -> bool {
    value.as_str().is_some_and(|text| {
        !text.trim().is_empty() && text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count() <= limit
    })
}

fn is_priority(value: &Value) -> bool {
    value.as_u64().is_some_and(|priority| (1..=5).contains(&priority))
}
