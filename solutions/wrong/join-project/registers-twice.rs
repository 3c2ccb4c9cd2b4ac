//! Each join registers the handler once more, so the next one is answered twice.
//!
//! Fails: follows-several-projects
//! Says: ann received joined {"projectId":"gemini"} more than once
//! Says: The server sent it to ann alone (2 times).
//! Says: The server received join-project from ann once.
//! Reader: joined
//! Reader: more than once | 2 times | again

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| listen(&socket));
}

fn listen(socket: &Socket) {
    socket.on("join-project", join_project);
}

fn join_project(socket: &Socket, payload: &Payload) {
    let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
        return socket.emit("error-message", json!({ "message": "projectId required" }));
    };
    socket.join(format!("project:{project_id}"));
    socket.emit("joined", json!({ "projectId": project_id }));
    listen(socket);
}
