//! One pass over the fields that came, one over those that should have, and an async handler.

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| socket.on_async("create-task", create_task));
}

async fn create_task(_socket: Socket, payload: Payload) {
    let mut errors = Vec::new();
    match payload.value() {
        Value::Object(task) => {
            errors.extend(["projectId", "title"].into_iter().filter(|name| !task.contains_key(*name)));
            errors.extend(task.iter().filter(|(name, value)| !fits(name, value)).map(|(name, _)| name.as_str()));
        }
        _ => errors.push("payload"),
    }
    errors.sort_unstable();
    payload.ack(match errors.as_slice() {
        [] => json!({ "ok": true }),
        errors => json!({ "errors": errors, "ok": false }),
    });
}

fn fits(name: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let is_blank = text.trim_start() == "";
    match name {
        "projectId" => !is_blank && text.chars().nth(32).is_none(),
        "title" => !is_blank && text.chars().nth(80).is_none(),
        // A whole number may be written as 3.0 in JSON.
        "priority" => [1.0, 2.0, 3.0, 4.0, 5.0].contains(&value.as_f64().unwrap_or_default()),
        _ => false,
    }
}
