//! To spare the other projects of the sender, whoever is on them is left out.
//!
//! Fails: projects-stay-apart
//! Says: dan should receive task-updated with {"projectId":"p1"}, and did not.
//! Says: leaving out its sender ann and room project:p2, and it reached 1 client. dan was in rooms project:p1, project:p2.

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });

        socket.on("task-updated", |socket, payload| {
            let project_id = payload["projectId"].as_str().unwrap_or_default();
            let room = format!("project:{project_id}");
            if !socket.rooms().contains(&room) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            let others = socket.rooms().into_iter().filter(|other| *other != room);
            others.fold(socket.to(&room), |update, other| update.except(other)).emit("task-updated", payload);
        });
    });
}
