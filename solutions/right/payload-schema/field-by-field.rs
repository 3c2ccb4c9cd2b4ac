//! Each field has a few lines of its own, and a whole float is no priority.

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
    let mut faults = BTreeSet::new();
    if !is_text(&payload["projectId"], 32) {
        faults.insert("projectId");
    }
    if !is_text(&payload["title"], 80) {
        faults.insert("title");
    }
    if fields.get("priority").is_some_and(|priority| !is_priority(priority)) {
        faults.insert("priority");
    }
    let known = ["projectId", "title", "priority"];
    faults.extend(fields.keys().map(String::as_str).filter(|name| !known.contains(name)));
    faults
}

fn is_text(value: &Value, limit: usize) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= limit)
}

fn is_priority(value: &Value) -> bool {
    value.as_u64().is_some_and(|priority| (1..=5).contains(&priority))
}
