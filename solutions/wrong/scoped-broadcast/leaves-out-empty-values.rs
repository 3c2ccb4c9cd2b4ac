//! Fields with empty values are left out of the update.
//!
//! Fails: members-hear-it
//! Says: note is missing
//! Says: place is missing
//! Says: tags is missing

use rooms::Io;
use serde_json::json;

/// Updates of a task stay among those who joined its project.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let room = payload["projectId"].as_str().map(|id| format!("project:{id}"));
            let Some(room) = room.filter(|room| socket.rooms().contains(room)) else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            let mut update = payload.value().clone();
            if let Some(fields) = update.as_object_mut() {
                fields.retain(|_, value| *value != "" && *value != json!([]) && *value != json!({}));
            }
            socket.to(room).emit("task-updated", update);
        });
    });
}
