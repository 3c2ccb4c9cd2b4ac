//! Typed payloads with an id that is checked as it is read, and the handlers in the other order.

use rooms::Io;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Deserialize, Serialize)]
#[serde(try_from = "String")]
struct Id(String);

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() { Err("empty") } else { Ok(Self(text)) }
    }
}

impl Id {
    fn room(&self) -> String {
        format!("project:{}", self.0)
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
