//! Each rule that fails adds the name, so a field can be named twice.
//!
//! Fails: sorts-the-names
//! Says: errors has "title" too much.

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

fn faults(payload: &Value) -> Vec<&str> {
    let Some(fields) = payload.as_object() else {
        return vec!["payload"];
    };
    let mut faults = Vec::new();
    if !is_text(&payload["projectId"], 32) {
        faults.push("projectId");
    }
    let title = payload["title"].as_str().unwrap_or_default();
    if title.trim().is_empty() {
        faults.push("title");
    }
    if title.chars().count() > 80 {
        faults.push("title");
    }
    if fields.get("priority").is_some_and(|priority| !is_priority(priority)) {
        faults.push("priority");
    }
    let known = ["projectId", "title", "priority"];
    faults.extend(fields.keys().map(String::as_str).filter(|name| !known.contains(name)));
    faults.sort_unstable();
    faults
}

fn is_text(value: &Value, limit: usize) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= limit)
}

fn is_priority(value: &Value) -> bool {
    value.as_u64().is_some_and(|priority| (1..=5).contains(&priority))
}
