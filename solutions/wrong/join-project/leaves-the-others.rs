//! A client is in one project at a time, as if a room were a page.
//!
//! Fails: follows-several-projects
//! Says: ann should be in room project:gemini. ann left it in step 4 (ann emits join-project {"projectId":"apollo"}).

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                return socket.emit("error-message", json!({ "message": "projectId required" }));
            };
            for room in socket.rooms() {
                socket.leave(&room);
            }
            socket.join(format!("project:{project_id}"));
            socket.emit("joined", json!({ "projectId": project_id }));
        });
    });
}
