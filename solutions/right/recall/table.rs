//! A table of events with the ids that they need, and each member told in turn.

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

/// A handler with the keys of the ids that it needs.
type Handler = fn(&Socket, &Payload, Option<Vec<String>>);

const EVENTS: [(&str, &[&str], Handler); 2] =
    [("join-project", &["projectId"], join_project), ("task-updated", &["projectId", "taskId"], task_updated)];

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        for (event, keys, handle) in EVENTS {
            socket.on(event, move |socket, payload| {
                let ids = keys.iter().map(|key| id(&payload[*key])).collect();
                handle(socket, payload, ids);
            });
        }
    });
}

fn join_project(socket: &Socket, _payload: &Payload, ids: Option<Vec<String>>) {
    match ids.as_deref() {
        Some([project]) => socket.join(String::from("project:") + project),
        _ => socket.emit("error-message", json!({ "message": "projectId required" })),
    }
}

fn task_updated(socket: &Socket, payload: &Payload, ids: Option<Vec<String>>) {
    if let Some([project, _task]) = ids.as_deref() {
        for member in socket.io().fetch_sockets(&format!("project:{project}")) {
            member.emit("task-updated", payload.value());
        }
    }
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        _ => None,
    }
}
