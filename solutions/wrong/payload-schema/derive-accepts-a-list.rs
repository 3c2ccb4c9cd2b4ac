//! A derived type also reads a list, field by field in their order.
//!
//! Fails: refuses-what-is-no-object
//! Says: ann emits create-task ["p1","Ship it",3]
//! Says: and got ack {"ok":true}; errors is missing.
//! Reader: answer | acknowledg | create-task
//! Reader: errors | fault | payload

use rooms::{Io, Payload};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Task {
    project_id: String,
    title: String,
    priority: Option<u8>,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_socket, payload| match payload.parse::<Task>() {
            Ok(task) => {
                let errors = faults(&task);
                if errors.is_empty() {
                    payload.ack(json!({ "ok": true }));
                } else {
                    payload.ack(json!({ "ok": false, "errors": errors }));
                }
            }
            Err(_) => {
                payload.ack(json!({ "ok": false, "errors": at_fault(payload) }));
            }
        });
    });
}

/// What a payload that does not parse lacks.
fn at_fault(payload: &Payload) -> Vec<&'static str> {
    if payload.value().is_array() || !payload.value().is_object() {
        return vec!["payload"];
    }
    ["projectId", "title"].into_iter().filter(|name| !payload[*name].is_string()).collect()
}

fn faults(task: &Task) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if task.priority.is_some_and(|priority| !(1..=5).contains(&priority)) {
        faults.push("priority");
    }
    if task.project_id.trim().is_empty() || task.project_id.chars().count() > 32 {
        faults.push("projectId");
    }
    if task.title.trim().is_empty() || task.title.chars().count() > 80 {
        faults.push("title");
    }
    faults
}
