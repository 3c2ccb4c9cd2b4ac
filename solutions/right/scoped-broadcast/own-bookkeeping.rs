//! Handlers in the other order, and each socket's projects in a set that its closures share.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let projects: Arc<Mutex<HashSet<String>>> = Arc::default();

        let mine = Arc::clone(&projects);
        socket.on("task-updated", move |socket, payload| {
            let project_id = payload["projectId"].as_str().filter(|id| mine.lock().unwrap().contains(*id));
            match project_id {
                Some(id) => socket.to(format!("project:{id}")).emit("task-updated", payload),
                None => socket.emit("error-message", json!({ "message": "join the project first" })),
            }
        });

        socket.on("join-project", move |socket, payload| {
            if let Some(id) = payload["projectId"].as_str() {
                projects.lock().unwrap().insert(id.to_owned());
                socket.join(format!("project:{id}"));
            }
        });
    });
}
