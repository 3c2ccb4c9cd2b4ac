//! A change is sent to all clients of the server.
//!
//! Fails: changes-reach-the-room
//! Says: eve should receive nothing here
//! Says: The server sent task-created to everyone who is connected.

use rooms::{Io, Payload, Socket};
use serde_json::{Map, Value, json};

const LIMIT: usize = 80;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", join_project);
        socket.on("create-task", |socket, payload| {
            change(socket, payload, "task-created", &["projectId", "taskId", "title"]);
        });
        socket.on("update-task", |socket, payload| {
            change(socket, payload, "task-updated", &["projectId", "taskId", "title"]);
        });
        socket.on("delete-task", |socket, payload| {
            change(socket, payload, "task-deleted", &["projectId", "taskId"]);
        });
    });
}

fn join_project(socket: &Socket, payload: &Payload) {
    let Some(project_id) = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()) else {
        return refuse(socket, "projectId required");
    };
    socket.join(format!("project:{project_id}"));
    socket.emit("joined", json!({ "projectId": project_id }));
}

fn change(socket: &Socket, payload: &Payload, announced: &str, fields: &[&str]) {
    let mut task = Map::new();
    for &name in fields {
        let Some(text) = payload[name].as_str().filter(|text| fits(text)) else {
            return refuse(socket, &format!("{name} invalid"));
        };
        task.insert(name.to_owned(), Value::from(text));
    }
    let room = format!("project:{}", payload["projectId"].as_str().unwrap_or_default());
    if !socket.rooms().contains(&room) {
        return refuse(socket, "join the project first");
    }
    socket.io().emit(announced, task);
}

fn fits(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LIMIT
}

fn refuse(socket: &Socket, message: &str) {
    socket.emit("error-message", json!({ "message": message }));
}
