//! Projects that somebody has joined are kept for all clients together, so anybody may speak in them.
//!
//! Fails: strangers-may-not-speak
//! Says: eve should receive error-message
//! Says: It sent task-updated to room project:p1 (ann) instead.
//! Reader: error-message | task-updated
//! Reader: and did not | never | nothing | got no | instead | should not | not expected

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use rooms::{Io, Socket};
use serde_json::json;

type Projects = Arc<Mutex<HashSet<String>>>;

pub fn app(io: &Io) {
    let projects = Projects::default();
    io.on_connection(move |socket| listen(&socket, &projects));
}

fn listen(socket: &Socket, projects: &Projects) {
    let joined = Arc::clone(projects);
    socket.on("join-project", move |socket, payload| {
        if let Some(project_id) = payload["projectId"].as_str() {
            socket.join(format!("project:{project_id}"));
            joined.lock().unwrap().insert(project_id.to_owned());
        }
    });

    let projects = Arc::clone(projects);
    socket.on("task-updated", move |socket, payload| {
        let project_id = payload["projectId"].as_str().unwrap_or_default();
        if !projects.lock().unwrap().contains(project_id) {
            return socket.emit("error-message", json!({ "message": "join the project first" }));
        }
        socket.to(format!("project:{project_id}")).emit("task-updated", payload);
    });
}
