//! Each project's tasks are kept, and the server leaves a note of who is gone. The wire shows nothing of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

/// Tasks by project and by id.
type Board = Arc<Mutex<HashMap<String, BTreeMap<String, Value>>>>;

pub fn app(io: &Io) {
    let board = Board::default();
    io.on_connection(move |socket| {
        socket.on("join-project", |socket, payload| match payload["projectId"].as_str().map(str::trim) {
            None | Some("") => error(socket, "projectId required"),
            Some(id) => {
                socket.join(format!("project:{id}"));
                socket.emit("joined", json!({ "projectId": id }));
            }
        });

        let tasks = Arc::clone(&board);
        socket.on("create-task", move |socket, payload| save(&tasks, socket, payload, "task-created"));
        let tasks = Arc::clone(&board);
        socket.on("update-task", move |socket, payload| save(&tasks, socket, payload, "task-updated"));
        let tasks = Arc::clone(&board);
        socket.on("delete-task", move |socket, payload| {
            let Some([project, id]) = checked(socket, payload, ["projectId", "taskId"]) else { return };
            let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
            tasks.entry(project.to_owned()).or_default().remove(id);
            let gone = json!({ "taskId": id, "projectId": project });
            socket.io().to(format!("project:{project}")).emit("task-deleted", gone);
        });
        socket.on_disconnect(|socket, reason| drop(format!("{} is gone: {reason}", socket.id())));
    });
}

fn save(tasks: &Board, socket: &Socket, payload: &Payload, announced: &str) {
    let Some([project, id, title]) = checked(socket, payload, ["projectId", "taskId", "title"]) else { return };
    let task = json!({ "title": title, "taskId": id, "projectId": project });
    let mut tasks = tasks.lock().unwrap_or_else(PoisonError::into_inner);
    tasks.entry(project.to_owned()).or_default().insert(id.to_owned(), task.clone());
    socket.io().to(format!("project:{project}")).emit(announced, task);
}

/// The fields as texts, the first of which is the project; `None` when the sender has been told what is wrong.
fn checked<'a, const N: usize>(socket: &Socket, payload: &'a Payload, names: [&str; N]) -> Option<[&'a str; N]> {
    let mut texts = [""; N];
    for (text, name) in texts.iter_mut().zip(names) {
        *text = payload[name].as_str().unwrap_or_default();
        if text.trim().is_empty() || text.chars().count() > 80 {
            error(socket, &format!("{name} invalid"));
            return None;
        }
    }
    if !socket.rooms().iter().any(|room| room.strip_prefix("project:") == Some(texts[0])) {
        error(socket, "join the project first");
        return None;
    }
    Some(texts)
}

fn error(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
