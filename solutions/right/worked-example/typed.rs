//! Typed payloads with an id that is checked as it is read, and the handlers in the other order.

use rooms::Io;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// As it came; only what is an id becomes one.
#[derive(Deserialize, Serialize)]
#[serde(try_from = "Value")]
struct Id(Value);

impl TryFrom<Value> for Id {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let is_id =
            value.as_str().is_some_and(|text| !text.is_empty()) || value.as_f64().is_some_and(|number| number != 0.0);
        if is_id { Ok(Self(value)) } else { Err("no id") }
    }
}

impl Id {
    fn room(&self) -> String {
        match &self.0 {
            Value::String(text) => format!("project:{text}"),
            other => format!("project:{other}"),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JoinProject {
    project_id: Id,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskUpdated {
    project_id: Id,
    task_id: Id,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("task-updated", |socket, payload| {
            if let Ok(update) = payload.parse::<TaskUpdated>() {
                socket.io().to(update.project_id.room()).emit("task-updated", update);
            }
        });
        socket.on("join-project", |socket, payload| match payload.parse() {
            Ok(JoinProject { project_id }) => socket.join(project_id.room()),
            Err(_) => socket.emit("error-message", json!({ "message": "projectId required" })),
        });
    });
}
