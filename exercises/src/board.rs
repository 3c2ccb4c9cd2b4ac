//! A shared board. The page has the contract; `rtws hint board` has help.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde::Serialize;
use serde_json::{Value, json};

/// A task as the room is told of it.
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

/// Refusals, which only the sender is told of.
enum Refusal {
    Message(String),
    #[allow(dead_code)] // Until you return one.
    Conflict(Task),
}

/// The event that a client sends, and the one that the room is told.
const EVENTS: [(&str, &str); 3] =
    [("create-task", "task-created"), ("update-task", "task-updated"), ("delete-task", "task-deleted")];

/// In characters, for every text.
const LIMIT: usize = 80;

/// The server under test. Joining is given; the three events are yours.
pub fn app(io: &Io) {
    let boards = Arc::new(Mutex::new(Boards::new()));
    io.on_connection(move |socket| {
        let shared = Arc::clone(&boards);
        socket.on("join-project", move |socket, payload| join_project(socket, payload, &shared.lock().unwrap()));

        for (event, announced) in EVENTS {
            let shared = Arc::clone(&boards);
            socket.on(event, move |socket, payload| {
                // Held until everything is sent: so all get changes, and snapshots between them, in one order.
                let mut boards = shared.lock().unwrap();
                match change(event, payload, &socket.rooms(), &mut boards) {
                    // 5. Tell the room, under the name of the event that has happened.
                    //    Page: "The three events".
                    Ok(change) => drop((announced, change)),
                    Err(Refusal::Message(message)) => refuse(socket, &message),
                    Err(Refusal::Conflict(task)) => socket.emit("task-conflict", task),
                }
            });
        }
    });
}

/// Changes a board and returns the news for the room, or changes nothing and returns why.
fn change(event: &str, payload: &Payload, rooms: &[String], boards: &mut Boards) -> Result<Value, Refusal> {
    // 1. Check the fields that this event has, in their order.
    // 2. Is the sender in the project's room?
    // 3. Is the task there, or is its id free? Is the version the one that the sender has seen?
    //    Page: "What is checked, and in which order", "Conflicts".
    // 4. Create, update or delete the task.
    //    Page: "The three events".
    let project_id = text(payload, "projectId")?;
    let version = version(payload)?;
    let _ = (event, project_id, version, rooms, boards);
    Err(message("not written yet"))
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

/// A client that joins a project knows which one, so its tasks need not say so.
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
