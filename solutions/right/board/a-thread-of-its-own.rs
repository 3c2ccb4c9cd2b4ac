//! One thread of its own keeps the boards, and does what it is asked in the order of asking.

use std::collections::HashMap;
use std::sync::mpsc::channel;

use rooms::{Io, Payload, Socket};
use serde::Serialize;
use serde_json::{Value, json};

/// A task as the room hears of it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    project_id: String,
    task_id: String,
    title: String,
    version: u64,
}

/// The tasks of each project, oldest first.
type Boards = HashMap<String, Vec<Task>>;

/// What only the sender hears of.
enum Refusal {
    Message(String),
    Conflict(Task),
}

/// What a client sends, and what the room hears of it.
const EVENTS: [(&str, &str); 3] =
    [("create-task", "task-created"), ("update-task", "task-updated"), ("delete-task", "task-deleted")];

/// In characters, for every text.
const LIMIT: usize = 80;

/// The members of a project see its tasks and each other's changes to them.
pub fn app(io: &Io) {
    let (ask, asked) = channel::<(&str, Socket, Payload)>();
    std::thread::spawn(move || {
        let mut boards = Boards::new();
        for (event, socket, payload) in asked {
            answer(event, &socket, &payload, &mut boards);
        }
    });
    io.on_connection(move |socket| {
        for event in ["join-project", "create-task", "update-task", "delete-task"] {
            let ask = ask.clone();
            socket.on(event, move |socket, payload| {
                ask.send((event, socket.clone(), payload.clone())).unwrap();
            });
        }
    });
}

fn answer(event: &str, socket: &Socket, payload: &Payload, boards: &mut Boards) {
    let Some((_, announced)) = EVENTS.iter().find(|(sent, _)| *sent == event) else {
        return join_project(socket, payload, boards);
    };
    match change(event, payload, &socket.rooms(), boards) {
        Ok(change) => {
            let project_id = change["projectId"].as_str().unwrap_or_default();
            socket.io().to(room(project_id)).emit(announced, &change);
        }
        Err(Refusal::Message(message)) => refuse(socket, &message),
        Err(Refusal::Conflict(task)) => socket.emit("task-conflict", task),
    }
}

/// Changes a board and returns what the room is told, or changes nothing and returns why.
fn change(event: &str, payload: &Payload, rooms: &[String], boards: &mut Boards) -> Result<Value, Refusal> {
    let project_id = text(payload, "projectId")?;
    let task_id = text(payload, "taskId")?;
    let title = if event == "delete-task" { String::new() } else { text(payload, "title")? };
    let seen = if event == "create-task" { 0 } else { version(payload)? };
    if !rooms.contains(&room(&project_id)) {
        return Err(message("join the project first"));
    }

    let tasks = boards.entry(project_id.clone()).or_default();
    let place = tasks.iter().position(|task| task.task_id == task_id);
    let told = Task { project_id, task_id, title, version: seen + 1 };
    match (event, place) {
        ("create-task", None) => tasks.push(told.clone()),
        (_, None) => return Err(message("no such task")),
        // A new task has been seen by nobody, and no task has version 0.
        (_, Some(place)) if tasks[place].version != seen => return Err(Refusal::Conflict(tasks[place].clone())),
        ("delete-task", Some(place)) => {
            tasks.remove(place);
            return Ok(json!({ "projectId": told.project_id, "taskId": told.task_id }));
        }
        (_, Some(place)) => tasks[place] = told.clone(),
    }
    Ok(json!(told))
}

/// A text that may go out to others: not blank, not endless.
fn text(payload: &Payload, name: &str) -> Result<String, Refusal> {
    let text = payload[name].as_str().filter(|text| !text.trim().is_empty() && text.chars().count() <= LIMIT);
    text.map(str::to_owned).ok_or_else(|| message(&format!("{name} invalid")))
}

fn version(payload: &Payload) -> Result<u64, Refusal> {
    payload["version"].as_u64().filter(|&version| version >= 1).ok_or_else(|| message("version invalid"))
}

fn message(message: &str) -> Refusal {
    Refusal::Message(message.to_owned())
}

fn join_project(socket: &Socket, payload: &Payload, boards: &Boards) {
    let project_id = payload["projectId"].as_str().map(str::trim);
    let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
        return refuse(socket, "projectId required");
    };
    socket.join(room(project_id));
    socket.emit("joined", json!({ "projectId": project_id, "tasks": snapshot(boards, project_id) }));
}

/// Who joins a project knows which one, so its tasks need not say so.
fn snapshot(boards: &Boards, project_id: &str) -> Value {
    let tasks = boards.get(project_id).into_iter().flatten();
    tasks.map(|task| json!({ "taskId": task.task_id, "title": task.title, "version": task.version })).collect()
}

fn room(project_id: &str) -> String {
    format!("project:{project_id}")
}

fn refuse(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
