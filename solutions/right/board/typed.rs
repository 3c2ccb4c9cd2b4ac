//! Typed tasks, whose fields are checked as they are read, in an async handler.

use rooms::{Io, Payload, Socket};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JoinProject {
    project_id: String,
}

/// As it comes in: anything may be anything.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Draft {
    project_id: serde_json::Value,
    task_id: serde_json::Value,
    title: serde_json::Value,
}

/// As it goes out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Task {
    project_id: String,
    task_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Change {
    Create,
    Update,
    Delete,
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        for (event, change) in
            [("create-task", Change::Create), ("update-task", Change::Update), ("delete-task", Change::Delete)]
        {
            socket.on_async(event, move |socket, payload| handle(socket, payload, change));
        }
        socket.on("join-project", |socket, payload| {
            let id = payload.parse().map(|JoinProject { project_id }| project_id.trim().to_owned()).unwrap_or_default();
            if id.is_empty() {
                fail(socket, "projectId required".to_owned());
            } else {
                socket.emit("joined", json!({ "projectId": id }));
                socket.join(room(&id));
            }
        });
    });
}

async fn handle(socket: Socket, payload: Payload, change: Change) {
    let task = match check(payload.parse().unwrap_or_default(), change) {
        Ok(task) => task,
        Err(field) => return fail(&socket, format!("{field} invalid")),
    };
    let room = room(&task.project_id);
    if !socket.io().fetch_sockets(&room).iter().any(|member| member.id() == socket.id()) {
        return fail(&socket, "join the project first".to_owned());
    }
    let event = match change {
        Change::Create => "task-created",
        Change::Update => "task-updated",
        Change::Delete => "task-deleted",
    };
    socket.emit(event, &task);
    socket.to(room).emit(event, &task);
}

fn check(draft: Draft, change: Change) -> Result<Task, &'static str> {
    Ok(Task {
        project_id: text(draft.project_id).ok_or("projectId")?,
        task_id: text(draft.task_id).ok_or("taskId")?,
        title: if change == Change::Delete { None } else { Some(text(draft.title).ok_or("title")?) },
    })
}

fn text(value: serde_json::Value) -> Option<String> {
    let text = value.as_str()?;
    (!text.trim().is_empty() && text.chars().nth(80).is_none()).then(|| text.to_owned())
}

fn room(id: &str) -> String {
    String::from("project:") + id
}

fn fail(socket: &Socket, message: String) {
    socket.emit("error-message", json!({ "message": message }));
}
