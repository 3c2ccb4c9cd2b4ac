//! Three handlers spelled out one after the other, checks that return early, and tasks in one map under both their ids.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

struct Task {
    title: String,
    version: u64,
    /// Its place in the order of creation.
    number: usize,
}

#[derive(Default)]
struct Board {
    created: usize,
    tasks: HashMap<(String, String), Task>,
}

pub fn app(io: &Io) {
    let board = Arc::new(Mutex::new(Board::default()));
    io.on_connection(move |socket| {
        let shared = Arc::clone(&board);
        socket.on("delete-task", move |socket, payload| {
            let Some(project) = text(socket, payload, "projectId") else { return };
            let Some(id) = text(socket, payload, "taskId") else { return };
            let Some(version) = version(socket, payload) else { return };
            if !is_member(socket, project) {
                return;
            }
            let key = (project.to_owned(), id.to_owned());
            let mut board = shared.lock().unwrap();
            match board.tasks.get(&key) {
                None => error(socket, "no such task"),
                Some(task) if task.version != version => socket.emit("task-conflict", describe(project, id, task)),
                Some(_) => {
                    board.tasks.remove(&key);
                    let gone = json!({ "projectId": project, "taskId": id });
                    socket.io().to(format!("project:{project}")).emit("task-deleted", gone);
                }
            }
        });

        let shared = Arc::clone(&board);
        socket.on("update-task", move |socket, payload| {
            let Some(project) = text(socket, payload, "projectId") else { return };
            let Some(id) = text(socket, payload, "taskId") else { return };
            let Some(title) = text(socket, payload, "title") else { return };
            let Some(version) = version(socket, payload) else { return };
            if !is_member(socket, project) {
                return;
            }
            let mut board = shared.lock().unwrap();
            match board.tasks.get_mut(&(project.to_owned(), id.to_owned())) {
                None => error(socket, "no such task"),
                Some(task) if task.version != version => socket.emit("task-conflict", describe(project, id, task)),
                Some(task) => {
                    task.title = title.to_owned();
                    task.version += 1;
                    let changed = describe(project, id, task);
                    socket.io().to(format!("project:{project}")).emit("task-updated", changed);
                }
            }
        });

        let shared = Arc::clone(&board);
        socket.on("create-task", move |socket, payload| {
            let Some(project) = text(socket, payload, "projectId") else { return };
            let Some(id) = text(socket, payload, "taskId") else { return };
            let Some(title) = text(socket, payload, "title") else { return };
            if !is_member(socket, project) {
                return;
            }
            let key = (project.to_owned(), id.to_owned());
            let mut board = shared.lock().unwrap();
            if let Some(task) = board.tasks.get(&key) {
                return socket.emit("task-conflict", describe(project, id, task));
            }
            board.created += 1;
            let task = Task { title: title.to_owned(), version: 1, number: board.created };
            socket.io().to(format!("project:{project}")).emit("task-created", describe(project, id, &task));
            board.tasks.insert(key, task);
        });

        let shared = Arc::clone(&board);
        socket.on("join-project", move |socket, payload| {
            let project = payload["projectId"].as_str().unwrap_or_default().trim();
            if project.is_empty() {
                return error(socket, "projectId required");
            }
            let board = shared.lock().unwrap();
            let mut tasks: Vec<_> = board.tasks.iter().filter(|((of, _), _)| of == project).collect();
            tasks.sort_by_key(|(_, task)| task.number);
            let tasks: Vec<_> = tasks
                .into_iter()
                .map(|((_, id), task)| json!({ "version": task.version, "title": task.title, "taskId": id }))
                .collect();
            socket.emit("joined", json!({ "tasks": tasks, "projectId": project }));
            socket.join(format!("project:{project}"));
        });
    });
}

fn text<'a>(socket: &Socket, payload: &'a Payload, name: &str) -> Option<&'a str> {
    let text = payload[name].as_str().filter(|text| text.chars().any(|character| !character.is_whitespace()));
    let text = text.filter(|text| text.chars().count() < 81);
    if text.is_none() {
        error(socket, &format!("{name} invalid"));
    }
    text
}

fn version(socket: &Socket, payload: &Payload) -> Option<u64> {
    match payload["version"].as_u64() {
        None | Some(0) => {
            error(socket, "version invalid");
            None
        }
        version => version,
    }
}

fn is_member(socket: &Socket, project: &str) -> bool {
    let is_member = socket.rooms().contains(&format!("project:{project}"));
    if !is_member {
        error(socket, "join the project first");
    }
    is_member
}

fn describe(project: &str, id: &str, task: &Task) -> Value {
    json!({ "projectId": project, "taskId": id, "title": task.title, "version": task.version })
}

fn error(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
