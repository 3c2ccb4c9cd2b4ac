//! One variable holds the project that was joined last, for all clients together.
//!
//! Fails: projects-stay-apart
//! Says: bob should receive task-updated
//! Says: It sent error-message {"message":"join the project first"} to ann instead.
//! Reader: error-message | task-updated
//! Reader: and did not | never | nothing | got no | instead | should not | not expected

use std::sync::{Arc, Mutex};

use rooms::Io;
use serde_json::json;

pub fn app(io: &Io) {
    let current: Arc<Mutex<String>> = Arc::default();
    io.on_connection(move |socket| {
        let joined = Arc::clone(&current);
        socket.on("join-project", move |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
                *joined.lock().unwrap() = project_id.to_owned();
            }
        });

        let current = Arc::clone(&current);
        socket.on("task-updated", move |socket, payload| {
            let current = current.lock().unwrap().clone();
            if payload["projectId"].as_str() != Some(current.as_str()) {
                return socket.emit("error-message", json!({ "message": "join the project first" }));
            }
            socket.to(format!("project:{current}")).emit("task-updated", payload);
        });
    });
}
