//! Three handlers spelled out one after the other, and checks that return early.

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("delete-task", |socket, payload| {
            let Some(project) = valid(socket, payload, "projectId") else { return };
            let Some(task) = valid(socket, payload, "taskId") else { return };
            if is_member(socket, project) {
                let payload = json!({ "projectId": project, "taskId": task });
                socket.io().to(format!("project:{project}")).emit("task-deleted", payload);
            }
        });
        socket.on("update-task", |socket, payload| {
            let Some(project) = valid(socket, payload, "projectId") else { return };
            let Some(task) = valid(socket, payload, "taskId") else { return };
            let Some(title) = valid(socket, payload, "title") else { return };
            if is_member(socket, project) {
                let payload = json!({ "projectId": project, "taskId": task, "title": title });
                socket.io().to(format!("project:{project}")).emit("task-updated", payload);
            }
        });
        socket.on("create-task", |socket, payload| {
            let Some(project) = valid(socket, payload, "projectId") else { return };
            let Some(task) = valid(socket, payload, "taskId") else { return };
            let Some(title) = valid(socket, payload, "title") else { return };
            if is_member(socket, project) {
                let payload = json!({ "projectId": project, "taskId": task, "title": title });
                socket.io().to(format!("project:{project}")).emit("task-created", payload);
            }
        });
        socket.on("join-project", |socket, payload| {
            let project = payload["projectId"].as_str().unwrap_or_default().trim();
            if project.is_empty() {
                socket.emit("error-message", json!({ "message": "projectId required" }));
                return;
            }
            socket.join(format!("project:{project}"));
            socket.emit("joined", json!({ "projectId": project }));
        });
    });
}

fn valid<'a>(socket: &Socket, payload: &'a Payload, name: &str) -> Option<&'a str> {
    let text = payload[name].as_str().filter(|text| text.chars().any(|character| !character.is_whitespace()));
    let text = text.filter(|text| text.chars().count() < 81);
    if text.is_none() {
        socket.emit("error-message", json!({ "message": format!("{name} invalid") }));
    }
    text
}

fn is_member(socket: &Socket, project: &str) -> bool {
    let is_member = socket.rooms().contains(&format!("project:{project}"));
    if !is_member {
        socket.emit("error-message", json!({ "message": "join the project first" }));
    }
    is_member
}
