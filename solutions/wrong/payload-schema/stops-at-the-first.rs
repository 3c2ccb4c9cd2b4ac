//! The first fault returns, and the others stay unnamed.
//!
//! Fails: names-missing-fields
//! Says: and got ack {"errors":["projectId"],"ok":false}; errors lacks "title".

use std::collections::BTreeSet;

use rooms::Io;
use serde_json::{Value, json};

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

fn faults(payload: &Value) -> BTreeSet<&str> {
    let Some(fields) = payload.as_object() else {
        return BTreeSet::from(["payload"]);
    };
    if !is_text(&payload["projectId"], 32) {
        return BTreeSet::from(["projectId"]);
    }
    if !is_text(&payload["title"], 80) {
        return BTreeSet::from(["title"]);
    }
    if fields.get("priority").is_some_and(|priority| !is_priority(priority)) {
        return BTreeSet::from(["priority"]);
    }
    let known = ["projectId", "title", "priority"];
    fields.keys().map(String::as_str).filter(|name| !known.contains(name)).take(1).collect()
}

fn is_text(value: &Value, limit: usize) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= limit)
}

fn is_priority(value: &Value) -> bool {
    value.as_u64().is_some_and(|priority| (1..=5).contains(&priority))
}
