//! The three changes are functions in a table, and a question mark refuses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

#[derive(Clone)]
struct Task {
    id: String,
    title: String,
    version: u64,
}

type Boards = Arc<Mutex<HashMap<String, Vec<Task>>>>;

fn room(project: &str) -> String {
    format!("project:{project}")
}

fn text<'p>(payload: &'p Payload, field: &str) -> Result<&'p str, String> {
    match payload[field].as_str() {
        Some(text) if !text.trim().is_empty() && text.chars().count() <= 80 => Ok(text),
        _ => Err(format!("{field} invalid")),
    }
}

fn version(payload: &Payload) -> Result<u64, String> {
    payload["version"].as_u64().filter(|version| *version >= 1).ok_or_else(|| "version invalid".to_owned())
}

fn member(socket: &Socket, project: &str) -> Result<(), String> {
    if socket.rooms().contains(&room(project)) { Ok(()) } else { Err("join the project first".to_owned()) }
}

fn full(project: &str, task: &Task) -> Value {
    json!({ "projectId": project, "taskId": task.id, "title": task.title, "version": task.version })
}

pub fn app(io: &Io) {
    let boards = Boards::default();
    io.on_connection(move |socket| {
        let b = boards.clone();
        socket.on("join-project", move |socket, payload| {
            let Some(id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
                socket.emit("error-message", json!({ "message": "projectId required" }));
                return;
            };
            let boards = b.lock().unwrap();
            socket.join(room(id));
            let tasks: Vec<_> = boards
                .get(id)
                .into_iter()
                .flatten()
                .map(|task| json!({ "taskId": task.id, "title": task.title, "version": task.version }))
                .collect();
            socket.emit("joined", json!({ "projectId": id, "tasks": tasks }));
        });
        for (event, change) in [("create-task", create as Change), ("update-task", update), ("delete-task", delete)] {
            let b = boards.clone();
            socket.on(event, move |socket, payload| {
                if let Err(message) = change(&b, socket, payload) {
                    socket.emit("error-message", json!({ "message": message }));
                }
            });
        }
    });
}

type Change = fn(&Boards, &Socket, &Payload) -> Result<(), String>;

fn create(boards: &Boards, socket: &Socket, payload: &Payload) -> Result<(), String> {
    let project = text(payload, "projectId")?;
    let id = text(payload, "taskId")?;
    let title = text(payload, "title")?;
    member(socket, project)?;
    let mut boards = boards.lock().unwrap();
    let tasks = boards.entry(project.to_owned()).or_default();
    if let Some(task) = tasks.iter().find(|task| task.id == id) {
        socket.emit("task-conflict", full(project, task));
        return Ok(());
    }
    let task = Task { id: id.to_owned(), title: title.to_owned(), version: 1 };
    socket.io().to(room(project)).emit("task-created", full(project, &task));
    tasks.push(task);
    Ok(())
}

fn update(boards: &Boards, socket: &Socket, payload: &Payload) -> Result<(), String> {
    let project = text(payload, "projectId")?;
    let id = text(payload, "taskId")?;
    let title = text(payload, "title")?;
    let version = version(payload)?;
    member(socket, project)?;
    let mut boards = boards.lock().unwrap();
    let tasks = boards.entry(project.to_owned()).or_default();
    let task = tasks.iter_mut().find(|task| task.id == id).ok_or("no such task")?;
    if task.version != version {
        socket.emit("task-conflict", full(project, task));
        return Ok(());
    }
    task.version += 1;
    task.title = title.to_owned();
    socket.io().to(room(project)).emit("task-updated", full(project, task));
    Ok(())
}

fn delete(boards: &Boards, socket: &Socket, payload: &Payload) -> Result<(), String> {
    let project = text(payload, "projectId")?;
    let id = text(payload, "taskId")?;
    let version = version(payload)?;
    member(socket, project)?;
    let mut boards = boards.lock().unwrap();
    let tasks = boards.entry(project.to_owned()).or_default();
    let at = tasks.iter().position(|task| task.id == id).ok_or("no such task")?;
    if tasks[at].version != version {
        socket.emit("task-conflict", full(project, &tasks[at]));
        return Ok(());
    }
    tasks.remove(at);
    socket.io().to(room(project)).emit("task-deleted", json!({ "projectId": project, "taskId": id }));
    Ok(())
}
