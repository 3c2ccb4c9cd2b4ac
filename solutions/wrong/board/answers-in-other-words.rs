//! The error of a typed payload is passed on in the words of serde.
//!
//! Fails: bad-fields-are-refused
//! Says: and received error-message {"message":"missing field `projectId`

use rooms::{Io, Payload, Socket};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    project_id: String,
    task_id: String,
    title: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Id {
    project_id: String,
    task_id: String,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
        socket.on("create-task", |socket, payload| change::<Task>(socket, payload, "task-created"));
        socket.on("update-task", |socket, payload| change::<Task>(socket, payload, "task-updated"));
        socket.on("delete-task", |socket, payload| change::<Id>(socket, payload, "task-deleted"));
    });
}

fn change<T: DeserializeOwned + Serialize>(socket: &Socket, payload: &Payload, announced: &str) {
    let room = format!("project:{}", payload["projectId"].as_str().unwrap_or_default());
    match payload.parse::<T>() {
        Err(error) => socket.emit("error-message", json!({ "message": error.to_string() })),
        Ok(_) if !socket.rooms().contains(&room) => {
            socket.emit("error-message", json!({ "message": "join the project first" }));
        }
        Ok(task) => socket.io().to(room).emit(announced, task),
    }
}
