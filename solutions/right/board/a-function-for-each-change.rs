//! A table says for each event how it is read, how it changes the board of its project, and what the room hears.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

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

/// The board of each project.
type Boards = HashMap<String, Board>;

/// The tasks of one project, oldest first.
#[derive(Default)]
struct Board(Vec<Task>);

/// What only the sender hears of.
enum Refusal {
    Message(String),
    Conflict(Task),
}

/// What a payload asks for.
type Read = fn(&Payload) -> Result<Task, Refusal>;

/// Changes a board and returns what the room is told, or changes nothing.
type Change = fn(&mut Board, Task) -> Result<Value, Refusal>;

/// What a client sends, and what the room hears of it.
const EVENTS: [(&str, Read, Change, &str); 3] = [
    ("create-task", to_create, Board::create, "task-created"),
    ("update-task", to_update, Board::update, "task-updated"),
    ("delete-task", to_delete, Board::delete, "task-deleted"),
];

/// In characters, for every text.
const LIMIT: usize = 80;

/// The members of a project see its tasks and each other's changes to them.
pub fn app(io: &Io) {
    // Each handler holds the lock until everything is sent, so that a snapshot and the events around it are in the
    // order of the changes.
    let boards = Arc::new(Mutex::new(Boards::new()));
    io.on_connection(move |socket| {
        let shared = Arc::clone(&boards);
        socket.on("join-project", move |socket, payload| join_project(socket, payload, &shared.lock().unwrap()));

        for (event, read, change, announced) in EVENTS {
            let shared = Arc::clone(&boards);
            socket.on(event, move |socket, payload| {
                let mut boards = shared.lock().unwrap();
                let decided = read(payload).and_then(|asked| decide(&mut boards, &socket.rooms(), asked, change));
                match decided {
                    Ok((room, told)) => socket.io().to(room).emit(announced, told),
                    Err(Refusal::Message(message)) => refuse(socket, &message),
                    Err(Refusal::Conflict(task)) => socket.emit("task-conflict", task),
                }
            });
        }
    });
}

fn join_project(socket: &Socket, payload: &Payload, boards: &Boards) {
    let project_id = payload["projectId"].as_str().map(str::trim);
    let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
        return refuse(socket, "projectId required");
    };
    let tasks = boards.get(project_id).map_or_else(|| json!([]), Board::snapshot);
    socket.join(room(project_id));
    socket.emit("joined", json!({ "projectId": project_id, "tasks": tasks }));
}

/// The room to tell and what to tell it, or why not.
fn decide(boards: &mut Boards, rooms: &[String], asked: Task, change: Change) -> Result<(String, Value), Refusal> {
    let room = room(&asked.project_id);
    if !rooms.contains(&room) {
        return Err(message("join the project first"));
    }
    let board = boards.entry(asked.project_id.clone()).or_default();
    Ok((room, change(board, asked)?))
}

impl Board {
    fn create(&mut self, asked: Task) -> Result<Value, Refusal> {
        if let Some(task) = self.0.iter().find(|task| task.task_id == asked.task_id) {
            return Err(Refusal::Conflict(task.clone()));
        }
        let told = json!(asked);
        self.0.push(asked);
        Ok(told)
    }

    fn update(&mut self, asked: Task) -> Result<Value, Refusal> {
        let place = self.place(&asked)?;
        self.0[place] = Task { version: asked.version + 1, ..asked };
        Ok(json!(self.0[place]))
    }

    fn delete(&mut self, asked: Task) -> Result<Value, Refusal> {
        let task = self.0.remove(self.place(&asked)?);
        Ok(json!({ "projectId": task.project_id, "taskId": task.task_id }))
    }

    /// Where the task is, if it is still the one that the sender has seen.
    fn place(&self, asked: &Task) -> Result<usize, Refusal> {
        let place = self.0.iter().position(|task| task.task_id == asked.task_id);
        let place = place.ok_or_else(|| message("no such task"))?;
        let task = &self.0[place];
        if task.version == asked.version { Ok(place) } else { Err(Refusal::Conflict(task.clone())) }
    }

    /// Who joins a project knows which one, so its tasks need not say so.
    fn snapshot(&self) -> Value {
        let tasks = self.0.iter();
        tasks.map(|task| json!({ "taskId": task.task_id, "title": task.title, "version": task.version })).collect()
    }
}

fn to_create(payload: &Payload) -> Result<Task, Refusal> {
    Ok(Task {
        project_id: text(payload, "projectId")?,
        task_id: text(payload, "taskId")?,
        title: text(payload, "title")?,
        version: 1,
    })
}

fn to_update(payload: &Payload) -> Result<Task, Refusal> {
    let task = to_create(payload)?;
    Ok(Task { version: version(payload)?, ..task })
}

fn to_delete(payload: &Payload) -> Result<Task, Refusal> {
    Ok(Task {
        project_id: text(payload, "projectId")?,
        task_id: text(payload, "taskId")?,
        title: String::new(),
        version: version(payload)?,
    })
}

/// A text that may go out to others: not blank, not endless.
fn text(payload: &Payload, name: &str) -> Result<String, Refusal> {
    payload[name]
        .as_str()
        .filter(|text| !text.trim().is_empty() && text.chars().count() <= LIMIT)
        .map(str::to_owned)
        .ok_or_else(|| message(&format!("{name} invalid")))
}

fn version(payload: &Payload) -> Result<u64, Refusal> {
    payload["version"].as_u64().filter(|&version| version >= 1).ok_or_else(|| message("version invalid"))
}

fn room(project_id: &str) -> String {
    format!("project:{project_id}")
}

fn message(message: &str) -> Refusal {
    Refusal::Message(message.to_owned())
}

fn refuse(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
