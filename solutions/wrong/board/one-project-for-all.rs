//! The project that was joined last is kept in one place for all clients, and changes go there.
//!
//! Fails: projects-stay-apart
//! Says: ann should receive task-deleted
//! Says: It sent error-message {"message":"join the project first"} to bob instead.

use std::sync::{Arc, Mutex};

use rooms::{Io, Payload, Socket};
use serde_json::{Map, Value, json};

type Room = Arc<Mutex<String>>;

const EVENTS: [(&str, &str, &[&str]); 3] = [
    ("create-task", "task-created", &["projectId", "taskId", "title"]),
    ("update-task", "task-updated", &["projectId", "taskId", "title"]),
    ("delete-task", "task-deleted", &["projectId", "taskId"]),
];

const LIMIT: usize = 80;

pub fn app(io: &Io) {
    let room: Room = Arc::default();
    io.on_connection(move |socket| {
        let joined = Arc::clone(&room);
        socket.on("join-project", move |socket, payload| join_project(socket, payload, &joined));
        for (event, announced, fields) in EVENTS {
            let room = Arc::clone(&room);
            socket.on(event, move |socket, payload| {
                let room = room.lock().unwrap().clone();
                change(socket, payload, announced, fields, room);
            });
        }
    });
}

fn join_project(socket: &Socket, payload: &Payload, joined: &Room) {
    let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
        return refuse(socket, "projectId required");
    };
    *joined.lock().unwrap() = format!("project:{project_id}");
    socket.join(format!("project:{project_id}"));
    socket.emit("joined", json!({ "projectId": project_id }));
}

fn change(socket: &Socket, payload: &Payload, announced: &str, fields: &[&str], room: String) {
    let mut task = Map::new();
    for &name in fields {
        let Some(text) = payload[name].as_str().filter(|text| fits(text)) else {
            return refuse(socket, &format!("{name} invalid"));
        };
        task.insert(name.to_owned(), Value::from(text));
    }
    if !socket.rooms().contains(&room) {
        return refuse(socket, "join the project first");
    }
    socket.io().to(room).emit(announced, task);
}

fn fits(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LIMIT
}

fn refuse(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
