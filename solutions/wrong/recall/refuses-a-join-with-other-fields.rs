//! The join has a type that denies fields of other names.
//!
//! Fails: ignores-other-fields
//! Says: ann should receive nothing here, and received error-message

use rooms::{Io, Payload};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Join {
    project_id: String,
}

/// Clients join a project's room and hear of its updated tasks.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let join = payload.parse::<Join>().ok();
            let Some(project) = join.map(|join| join.project_id).filter(|id| !id.is_empty()) else {
                let error = json!({ "message": "projectId required" });
                socket.emit("error-message", error);
                return;
            };
            socket.join(format!("project:{project}"));
        });

        socket.on("task-updated", |socket, payload| {
            if let (Some(project), Some(_)) = (id(payload, "projectId"), id(payload, "taskId")) {
                let room = format!("project:{project}");
                socket.io().to(room).emit("task-updated", payload);
            }
        });
    });
}

fn id<'a>(payload: &'a Payload, key: &str) -> Option<&'a str> {
    payload[key].as_str().filter(|id| !id.is_empty())
}
