//! A shared board: three events, one table, one path through the checks.

use rooms::{Io, Payload, Socket};
use serde_json::{Map, Value, json};

/// What a client sends, what the room hears of it, and the fields of both.
const EVENTS: [(&str, &str, &[&str]); 3] = [
    ("create-task", "task-created", WITH_TITLE),
    ("update-task", "task-updated", WITH_TITLE),
    ("delete-task", "task-deleted", IDS),
];
const WITH_TITLE: &[&str] = &["projectId", "taskId", "title"];
const IDS: &[&str] = &["projectId", "taskId"];

/// In characters, for every field.
const LIMIT: usize = 80;

/// The members of a project see each other's changes to its tasks.
pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", join_project);
        for (event, announced, fields) in EVENTS {
            socket.on(event, move |socket, payload| {
                let accepted = accept(socket, payload, fields);
                match accepted {
                    Ok((room, task)) => socket.io().to(room).emit(announced, task),
                    Err(message) => refuse(socket, &message),
                }
            });
        }
    });
}

fn join_project(socket: &Socket, payload: &Payload) {
    let project_id = payload["projectId"].as_str().map(str::trim);
    let Some(project_id) = project_id.filter(|id| !id.is_empty()) else {
        return refuse(socket, "projectId required");
    };
    socket.join(room(project_id));
    socket.emit("joined", json!({ "projectId": project_id }));
}

type Accepted = (String, Value);

/// The room to tell and the task to tell it, or why not.
fn accept(socket: &Socket, payload: &Payload, fields: &[&str]) -> Result<Accepted, String> {
    let mut task = Map::new();
    for &name in fields {
        task.insert(name.to_owned(), field(payload, name)?.into());
    }
    let room = room(field(payload, "projectId")?);
    if !socket.rooms().contains(&room) {
        return Err("join the project first".to_owned());
    }
    Ok((room, task.into()))
}

/// A field that may go out to others: a string, not blank, not endless.
fn field<'a>(payload: &'a Payload, name: &str) -> Result<&'a str, String> {
    payload[name]
        .as_str()
        .filter(|text| !text.trim().is_empty() && text.chars().count() <= LIMIT)
        .ok_or_else(|| format!("{name} invalid"))
}

fn room(project_id: &str) -> String {
    format!("project:{project_id}")
}

fn refuse(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
