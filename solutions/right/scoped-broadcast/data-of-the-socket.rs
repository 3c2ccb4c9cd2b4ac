//! The socket's own data holds its projects, and the work is done in a task.

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
                socket.set_data(project_id, true);
            }
        });
        socket.on("task-updated", |socket, payload| {
            tokio::spawn(task_updated(socket.clone(), payload.clone()));
        });
    });
}

async fn task_updated(socket: Socket, payload: Payload) {
    let project_id = payload["projectId"].as_str().filter(|id| socket.data(id) == Value::Bool(true));
    if let Some(project_id) = project_id {
        socket.to(format!("project:{project_id}")).emit_arguments("task-updated", payload.all());
    } else {
        socket.emit("error-message", json!({ "message": "join the project first" }));
    }
}
