//! A typed payload drops what the type does not have, and refuses what it misses.
//!
//! Fails: members-hear-it
//! Says: bob should receive task-updated
//! Says: ; tags is missing.
//! Reader: error-message | task-updated
//! Reader: instead | differ | without | missing | and received | and got | and did not | never | nothing | got no | should not | not expected

use rooms::Io;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskUpdated {
    project_id: String,
    task_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            if let Ok(update) = payload.parse::<TaskUpdated>() {
                let room = format!("project:{}", update.project_id);
                if socket.rooms().contains(&room) {
                    return socket.to(room).emit("task-updated", update);
                }
            }
            socket.emit("error-message", json!({ "message": "join the project first" }));
        });
    });
}
