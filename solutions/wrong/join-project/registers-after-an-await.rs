//! The handler is registered once something has been looked up, and what the client sends before is lost.
//!
//! Fails: joins-and-answers
//! Says: The server received join-project from ann, but by then no handler was registered for that event.
//! Reader: joined | error-message | join-project
//! Reader: and did not | never | nothing | got no | instead

use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        tokio::spawn(async move {
            look_up_the_user().await;
            socket.on("join-project", join_project);
        });
    });
}

async fn look_up_the_user() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

fn join_project(socket: &Socket, payload: &Payload) {
    let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
        return socket.emit("error-message", json!({ "message": "projectId required" }));
    };
    socket.join(format!("project:{project_id}"));
    socket.emit("joined", json!({ "projectId": project_id }));
}
