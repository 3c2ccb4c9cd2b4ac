//! Async handlers with errors as results, and a journal that all clients share.

use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::json;

/// What happened, for whoever looks after the server.
type Journal = Arc<Mutex<Vec<String>>>;

pub fn app(io: &Io) {
    let journal = Journal::default();
    io.on_connection(move |socket| {
        let mine = Arc::clone(&journal);
        socket.on_async("join-project", move |socket, payload| join_project(socket, payload, Arc::clone(&mine)));
        let mine = Arc::clone(&journal);
        socket.on_async("task-updated", move |socket, payload| task_updated(socket, payload, Arc::clone(&mine)));
        let mine = Arc::clone(&journal);
        socket.on_disconnect(move |socket, reason| note(&mine, format!("{} left: {reason}", socket.id())));
    });
}

async fn join_project(socket: Socket, payload: Payload, journal: Journal) {
    let Ok(project) = id(&payload, "projectId") else {
        return socket.emit("error-message", json!({ "message": "projectId required" }));
    };
    tokio::task::yield_now().await;
    note(&journal, format!("{} joined {project}", socket.id()));
    socket.join(format!("project:{project}"));
}

async fn task_updated(socket: Socket, payload: Payload, journal: Journal) {
    let ids = id(&payload, "projectId").and_then(|project| Ok((project, id(&payload, "taskId")?)));
    let Ok((project, task)) = ids else { return note(&journal, "an update lacks an id".to_owned()) };
    note(&journal, format!("{task} changed"));
    socket.io().to(format!("project:{project}")).emit("task-updated", &payload);
}

fn note(journal: &Journal, line: String) {
    journal.lock().unwrap().push(line);
}

fn id(payload: &Payload, key: &str) -> Result<String, ()> {
    match payload.value().get(key) {
        Some(serde_json::Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(serde_json::Value::Number(number)) if number.as_f64() != Some(0.0) => Ok(number.to_string()),
        _ => Err(()),
    }
}
