//! One async handler for all, a lock that is held over pauses, and tasks by the order of their creation.

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;
#[derive(Default)]
struct Boards {
    next: u64,
    tasks: BTreeMap<String, BTreeMap<u64, (String, String, u64)>>,
}
pub fn app(io: &Io) {
    let boards = Arc::new(Mutex::new(Boards::default()));
    io.on_connection(move |socket| {
        for event in ["join-project", "create-task", "update-task", "delete-task"] {
            let boards = Arc::clone(&boards);
            socket.on_async(event, move |socket, payload| {
                let boards = Arc::clone(&boards);
                async move {
                    let mut boards = boards.lock().await;
                    tokio::task::yield_now().await;
                    if let Err((name, value)) = handle(event, &socket, &payload, &mut boards).await {
                        socket.emit(name, value);
                    }
                }
            });
        }
    });
}
type No = (&'static str, Value);
fn error(text: String) -> No {
    ("error-message", json!({"message": text}))
}
fn get<'a>(p: &'a Payload, n: &str) -> Result<&'a str, No> {
    match p[n].as_str() {
        Some(t) if t.chars().any(|c| !c.is_whitespace()) && t.chars().nth(80).is_none() => Ok(t),
        _ => Err(error(format!("{n} invalid"))),
    }
}
async fn handle(event: &'static str, socket: &Socket, p: &Payload, boards: &mut Boards) -> Result<(), No> {
    if event == "join-project" {
        let id = p["projectId"].as_str().unwrap_or_default().trim();
        if id.is_empty() {
            return Err(error("projectId required".into()));
        }
        socket.join(format!("project:{id}"));
        let tasks: Vec<_> = boards
            .tasks
            .entry(id.into())
            .or_default()
            .values()
            .map(|(t, title, v)| json!({"taskId": t, "title": title, "version": v}))
            .collect();
        socket.emit("joined", json!({"projectId": id, "tasks": tasks}));
        return Ok(());
    }
    let (project, task) = (get(p, "projectId")?, get(p, "taskId")?);
    let title = if event == "delete-task" { "" } else { get(p, "title")? };
    let seen = if event == "create-task" {
        0
    } else {
        match p["version"].as_u64() {
            Some(v) if v > 0 => v,
            _ => return Err(error("version invalid".into())),
        }
    };
    let room = format!("project:{project}");
    if !socket.rooms().contains(&room) {
        return Err(error("join the project first".into()));
    }
    let board = boards.tasks.entry(project.into()).or_default();
    let at = board.iter().find(|(_, t)| t.0 == task).map(|(n, t)| (*n, t.clone()));
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    let told = |v: u64, title: &str| json!({"projectId": project, "taskId": task, "title": title, "version": v});
    let (name, payload) = match (event, at) {
        ("create-task", None) => {
            boards.next += 1;
            board.insert(boards.next, (task.into(), title.into(), 1));
            ("task-created", told(1, title))
        }
        (_, None) => return Err(error("no such task".into())),
        (_, Some((_, (_, t, v)))) if event == "create-task" || v != seen => return Err(("task-conflict", told(v, &t))),
        ("update-task", Some((n, _))) => {
            board.insert(n, (task.into(), title.into(), seen + 1));
            ("task-updated", told(seen + 1, title))
        }
        (_, Some((n, _))) => {
            board.remove(&n);
            ("task-deleted", json!({"projectId": project, "taskId": task}))
        }
    };
    for s in socket.io().fetch_sockets(&room) {
        s.emit(name, &payload);
    }
    Ok(())
}
