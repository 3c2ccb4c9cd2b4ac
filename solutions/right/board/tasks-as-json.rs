//! Tasks are kept as the room hears of them, in JSON.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

const LIMIT: usize = 80;

/// The tasks of each project, as its members hear of them.
type Boards = HashMap<String, Vec<Value>>;

pub fn app(io: &Io) {
    let boards = Arc::new(Mutex::new(Boards::new()));
    io.on_connection(move |socket| {
        let shared = Arc::clone(&boards);
        socket.on("join-project", move |socket, payload| join_project(socket, payload, &shared.lock().unwrap()));
        let shared = Arc::clone(&boards);
        socket.on("create-task", move |socket, payload| create(socket, payload, &mut shared.lock().unwrap()));
        let shared = Arc::clone(&boards);
        socket.on("update-task", move |socket, payload| update(socket, payload, &mut shared.lock().unwrap()));
        let shared = Arc::clone(&boards);
        socket.on("delete-task", move |socket, payload| delete(socket, payload, &mut shared.lock().unwrap()));
    });
}

fn join_project(socket: &Socket, payload: &Payload, boards: &Boards) {
    let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
        return refuse(socket, "projectId required");
    };
    let tasks = boards.get(project_id).into_iter().flatten();
    let tasks: Vec<_> = tasks
        .map(|task| json!({ "taskId": task["taskId"], "title": task["title"], "version": task["version"] }))
        .collect();
    socket.join(format!("project:{project_id}"));
    socket.emit("joined", json!({ "projectId": project_id, "tasks": tasks }));
}

fn create(socket: &Socket, payload: &Payload, boards: &mut Boards) {
    let Some(tasks) = tasks(socket, payload, boards, &["projectId", "taskId", "title"]) else { return };
    if let Some(task) = tasks.iter().find(|task| task["taskId"] == payload["taskId"]) {
        return socket.emit("task-conflict", task);
    }
    let task = json!({
        "projectId": payload["projectId"],
        "taskId": payload["taskId"],
        "title": payload["title"],
        "version": 1,
    });
    tell(socket, payload, "task-created", &task);
    tasks.push(task);
}

fn update(socket: &Socket, payload: &Payload, boards: &mut Boards) {
    let Some(tasks) = tasks(socket, payload, boards, &["projectId", "taskId", "title", "version"]) else { return };
    let Some(place) = place(socket, payload, tasks) else { return };
    let task = &mut tasks[place];
    task["title"] = payload["title"].clone();
    task["version"] = json!(task["version"].as_u64().map(|version| version + 1));
    tell(socket, payload, "task-updated", task);
}

fn delete(socket: &Socket, payload: &Payload, boards: &mut Boards) {
    let Some(tasks) = tasks(socket, payload, boards, &["projectId", "taskId", "version"]) else { return };
    let Some(place) = place(socket, payload, tasks) else { return };
    tasks.remove(place);
    tell(socket, payload, "task-deleted", &json!({ "projectId": payload["projectId"], "taskId": payload["taskId"] }));
}

/// The tasks of the project, if the fields are good and the sender is a member.
fn tasks<'a>(
    socket: &Socket,
    payload: &Payload,
    boards: &'a mut Boards,
    fields: &[&str],
) -> Option<&'a mut Vec<Value>> {
    for &name in fields {
        if !fits(name, &payload[name]) {
            refuse(socket, &format!("{name} invalid"));
            return None;
        }
    }
    if !socket.rooms().contains(&room(payload)) {
        refuse(socket, "join the project first");
        return None;
    }
    Some(boards.entry(text(payload, "projectId")).or_default())
}

/// Where the task is, if the sender has seen it as it is.
fn place(socket: &Socket, payload: &Payload, tasks: &[Value]) -> Option<usize> {
    let Some(place) = tasks.iter().position(|task| task["taskId"] == payload["taskId"]) else {
        refuse(socket, "no such task");
        return None;
    };
    if tasks[place]["version"] != payload["version"] {
        socket.emit("task-conflict", &tasks[place]);
        return None;
    }
    Some(place)
}

fn fits(name: &str, value: &Value) -> bool {
    match name {
        "version" => value.as_u64().is_some_and(|version| version >= 1),
        _ => value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= LIMIT),
    }
}

fn tell(socket: &Socket, payload: &Payload, event: &str, about: &Value) {
    socket.io().to(room(payload)).emit(event, about);
}

fn refuse(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}

fn room(payload: &Payload) -> String {
    format!("project:{}", text(payload, "projectId"))
}

fn text(payload: &Payload, name: &str) -> String {
    payload[name].as_str().unwrap_or_default().to_owned()
}
