//! A derived type also reads a list, which the page leaves open.

use rooms::Io;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    project_id: String,
}

/// Updates of a task stay among those who joined its project.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let update = payload.parse::<Update>();
            let room = update.ok().map(|update| format!("project:{}", update.project_id));
            let Some(room) = room.filter(|room| socket.rooms().contains(room)) else {
                let error = json!({ "message": "join the project first" });
                socket.emit("error-message", error);
                return;
            };
            socket.to(room).emit("task-updated", payload);
        });
    });
}
