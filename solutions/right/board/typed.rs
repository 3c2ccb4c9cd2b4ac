//! A payload becomes a typed command, whose fields are checked as they are read. The board answers each command with an
//! outcome and knows no socket. The handlers are async.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, PoisonError};

use rooms::{Io, Payload, Socket};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JoinProject {
    project_id: String,
}

/// A text that may go out to others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fits = !text.trim().is_empty() && text.chars().nth(80).is_none();
        fits.then_some(Self(text)).ok_or_else(|| D::Error::custom("a text does not fit"))
    }
}

type Version = NonZeroU64;

struct Command {
    project: Text,
    task: Text,
    action: Action,
}

enum Action {
    Create { title: Text },
    Update { title: Text, seen: Version },
    Delete { seen: Version },
}

impl Command {
    /// The error is the name of the first field that does not fit.
    fn read(event: &str, payload: &Payload) -> Result<Self, &'static str> {
        let project = field(payload, "projectId")?;
        let task = field(payload, "taskId")?;
        let action = match event {
            "create-task" => Action::Create { title: field(payload, "title")? },
            "update-task" => Action::Update { title: field(payload, "title")?, seen: field(payload, "version")? },
            _ => Action::Delete { seen: field(payload, "version")? },
        };
        Ok(Self { project, task, action })
    }
}

fn field<T: DeserializeOwned>(payload: &Payload, name: &'static str) -> Result<T, &'static str> {
    serde_json::from_value(payload[name].clone()).map_err(|_| name)
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    task_id: Text,
    title: Text,
    version: Version,
}

enum Outcome {
    Created(Task),
    Updated(Task),
    Deleted(Text),
    Conflict(Task),
    NoSuchTask,
}

#[derive(Default)]
struct Board(BTreeMap<String, Vec<Task>>);

impl Board {
    fn tasks(&self, project: &str) -> &[Task] {
        self.0.get(project).map_or(&[], Vec::as_slice)
    }

    fn apply(&mut self, Command { project, task: task_id, action }: Command) -> Outcome {
        let tasks = self.0.entry(project.0).or_default();
        let place = tasks.iter().position(|task| task.task_id == task_id);
        match (action, place) {
            (Action::Create { title }, None) => {
                let task = Task { task_id, title, version: Version::MIN };
                tasks.push(task.clone());
                Outcome::Created(task)
            }
            (Action::Update { title, seen }, Some(place)) if tasks[place].version == seen => {
                tasks[place] = Task { task_id, title, version: seen.saturating_add(1) };
                Outcome::Updated(tasks[place].clone())
            }
            (Action::Delete { seen }, Some(place)) if tasks[place].version == seen => {
                Outcome::Deleted(tasks.remove(place).task_id)
            }
            (_, Some(place)) => Outcome::Conflict(tasks[place].clone()),
            (_, None) => Outcome::NoSuchTask,
        }
    }
}

pub fn app(io: &Io) {
    let board = Arc::new(Mutex::new(Board::default()));
    io.on_connection(move |socket| {
        for event in ["create-task", "update-task", "delete-task"] {
            let board = Arc::clone(&board);
            socket.on_async(event, move |socket, payload| handle(event, socket, payload, Arc::clone(&board)));
        }
        let board = Arc::clone(&board);
        socket.on("join-project", move |socket, payload| {
            let id = payload.parse().map(|JoinProject { project_id }| project_id.trim().to_owned()).unwrap_or_default();
            if id.is_empty() {
                return fail(socket, "projectId required");
            }
            let board = board.lock().unwrap_or_else(PoisonError::into_inner);
            socket.join(room(&id));
            socket.emit("joined", json!({ "projectId": id, "tasks": board.tasks(&id) }));
        });
    });
}

async fn handle(event: &str, socket: Socket, payload: Payload, board: Arc<Mutex<Board>>) {
    let command = match Command::read(event, &payload) {
        Ok(command) => command,
        Err(field) => return fail(&socket, &format!("{field} invalid")),
    };
    let project = command.project.clone();
    let room = room(&project.0);
    if !socket.io().fetch_sockets(&room).iter().any(|member| member.id() == socket.id()) {
        return fail(&socket, "join the project first");
    }
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    let tell = |event, about: Value| {
        socket.emit(event, &about);
        socket.to(room).emit(event, &about);
    };
    match board.apply(command) {
        Outcome::Created(task) => tell("task-created", whole(&project, &task)),
        Outcome::Updated(task) => tell("task-updated", whole(&project, &task)),
        Outcome::Deleted(task_id) => tell("task-deleted", json!({ "projectId": project, "taskId": task_id })),
        Outcome::Conflict(task) => socket.emit("task-conflict", whole(&project, &task)),
        Outcome::NoSuchTask => fail(&socket, "no such task"),
    }
}

fn whole(project: &Text, Task { task_id, title, version }: &Task) -> Value {
    json!({ "projectId": project, "taskId": task_id, "title": title, "version": version })
}

fn room(id: &str) -> String {
    String::from("project:") + id
}

fn fail(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
