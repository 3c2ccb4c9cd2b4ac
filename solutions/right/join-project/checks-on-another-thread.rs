//! The check runs where blocking code may run, and the server is reached by the name of its namespace.

use rooms::{Io, Payload, Socket};
use serde_json::json;

pub fn app(io: &Io) {
    io.of("/").on_connection(|socket| {
        socket.on_async("join-project", join_project);
        socket.on_disconnecting(|socket, _| socket.rooms().iter().for_each(|room| socket.leave(room)));
    });
}

async fn join_project(socket: Socket, payload: Payload) {
    let checked = tokio::task::spawn_blocking(move || checked(&payload)).await;
    match checked {
        Ok(Some(project_id)) => {
            socket.join(["project", &project_id].join(":"));
            socket.emit("joined", json!({ "projectId": project_id }));
        }
        _ => socket.emit("error-message", json!({ "message": "projectId required" })),
    }
}

fn checked(payload: &Payload) -> Option<String> {
    let text = payload.value().pointer("/projectId")?.as_str()?;
    let id: String = text.trim().to_owned();
    (!id.is_empty()).then_some(id)
}
