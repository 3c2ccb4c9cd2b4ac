//! The payload is parsed anew from its text, and a task answers.

use rooms::{Io, Payload};
use serde_json::{Map, Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("create-task", |_, payload| {
            let payload = payload.clone();
            tokio::spawn(async move { answer(&payload) });
        });
    });
}

fn answer(payload: &Payload) -> bool {
    let faults = match serde_json::from_str::<Map<String, Value>>(payload.json()) {
        Ok(task) => faults(task),
        Err(_) => vec!["payload".to_owned()],
    };
    payload.ack(if faults.is_empty() { json!({ "ok": true }) } else { json!({ "errors": faults, "ok": false }) })
}

fn faults(mut task: Map<String, Value>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, longest) in [("projectId", 32), ("title", 80)] {
        let text = task.remove(name).and_then(|value| value.as_str().map(|text| text.chars().collect::<Vec<_>>()));
        if !text.is_some_and(|text| text.len() <= longest && text.iter().any(|character| !character.is_whitespace())) {
            faults.push(name.to_owned());
        }
    }
    match task.remove("priority") {
        None => {}
        Some(Value::Number(number)) if matches!(number.as_i64(), Some(1..6)) => {}
        Some(_) => faults.push("priority".to_owned()),
    }
    faults.extend(task.into_iter().map(|(unknown, _)| unknown));
    faults.sort();
    faults
}
