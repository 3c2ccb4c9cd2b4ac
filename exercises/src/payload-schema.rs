//! Check a payload. The page has the contract; `rtws hint payload-schema` has help.

use std::collections::BTreeSet;

use rooms::Io;
use serde_json::Value;

/// The server under test.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_socket, payload| {
            let errors = faults(payload.value());
            // 4. Answer through the acknowledgement, `payload.ack(json!({ … }))`.
            //    Page: "The answer".
            let _ = errors;
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
        // 2. Only if it is missing though required, or is there and does not fit.
        //    Page: "What counts as a fault".
        let _ = (required, fits);
        faults.insert(name);
    }
    for name in fields.keys() {
        // 3. Only if it is none of `FIELDS`.
        //    Page: "What counts as a fault".
        faults.insert(name);
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
    // 1. Page: "The fields".
    let _ = (value, limit);
    false
}

fn is_priority(value: &Value) -> bool {
    // 1. Page: "The fields".
    let _ = value;
    false
}
