//! No lock: one task owns the boards and takes what the clients ask for from a channel, one after the other.

use std::collections::HashMap;

use rooms::{Io, Payload, Socket};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

type Boards = HashMap<String, Vec<Map<String, Value>>>;

const EVENTS: [&str; 4] = ["join-project", "create-task", "update-task", "delete-task"];

pub fn app(io: &Io) {
    let (asked, mut next) = mpsc::unbounded_channel::<(&str, Socket, Payload)>();
    tokio::spawn(async move {
        let mut boards = Boards::new();
        while let Some((event, socket, payload)) = next.recv().await {
            let answered = match event {
                "join-project" => join(&boards, &socket, &payload),
                _ => change(&mut boards, event, &socket, &payload),
            };
            if let Err(message) = answered {
                socket.emit("error-message", json!({ "message": message }));
            }
        }
    });
    io.on_connection(move |socket| {
        for event in EVENTS {
            let asked = asked.clone();
            socket.on(event, move |socket, payload| {
                let _ = asked.send((event, socket.clone(), payload.clone()));
            });
        }
    });
}

fn join(boards: &Boards, socket: &Socket, payload: &Payload) -> Result<(), String> {
    let id = payload["projectId"].as_str().map(str::trim).filter(|id| !id.is_empty()).ok_or("projectId required")?;
    let mut tasks = boards.get(id).cloned().unwrap_or_default();
    for task in &mut tasks {
        task.remove("projectId");
    }
    socket.join(format!("project:{id}"));
    socket.emit("joined", json!({ "projectId": id, "tasks": tasks }));
    Ok(())
}

fn change(boards: &mut Boards, event: &str, socket: &Socket, payload: &Payload) -> Result<(), String> {
    let (fields, announced): (&[&str], _) = match event {
        "create-task" => (&["projectId", "taskId", "title"], "task-created"),
        "update-task" => (&["projectId", "taskId", "title", "version"], "task-updated"),
        _ => (&["projectId", "taskId", "version"], "task-deleted"),
    };
    let mut asked = Map::new();
    for &name in fields {
        let value = &payload[name];
        if !(if name == "version" { value.as_u64() > Some(0) } else { is_text(value) }) {
            return Err(format!("{name} invalid"));
        }
        asked.insert(name.to_owned(), value.clone());
    }
    let project = payload["projectId"].as_str().unwrap_or_default();
    let room = format!("project:{project}");
    if !socket.rooms().contains(&room) {
        return Err("join the project first".to_owned());
    }
    let tasks = boards.entry(project.to_owned()).or_default();
    match (
        tasks.iter_mut().find(|task| task["taskId"] == asked["taskId"]),
        asked.get("version").and_then(Value::as_u64),
    ) {
        (None, Some(_)) => return Err("no such task".to_owned()),
        (None, None) => {
            asked.insert("version".to_owned(), json!(1));
            tasks.push(asked.clone());
        }
        (Some(task), seen) if task["version"].as_u64() != seen => {
            socket.emit("task-conflict", task);
            return Ok(());
        }
        (Some(task), seen) if event == "update-task" => {
            asked.insert("version".to_owned(), json!(seen.map(|version| version + 1)));
            task.clone_from(&asked);
        }
        (Some(_), _) => {
            asked.remove("version");
            tasks.retain(|task| task["taskId"] != asked["taskId"]);
        }
    }
    socket.io().to(room).emit(announced, asked);
    Ok(())
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= 80)
}
