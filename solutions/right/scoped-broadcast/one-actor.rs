//! An actor owns the decisions; handlers only post to it.

use rooms::{Io, Payload, Socket};
use serde_json::json;
use tokio::sync::mpsc;

pub fn app(io: &Io) {
    let (post, mut letters) = mpsc::channel(8);
    tokio::spawn(async move {
        while let Some((socket, payload)) = letters.recv().await {
            tokio::task::yield_now().await;
            pass_on(&socket, &payload);
        }
    });

    io.on_connection(move |socket| {
        let post = post.clone();
        socket.on_async("task-updated", move |socket, payload| {
            let post = post.clone();
            async move {
                let _ = post.send((socket, payload)).await;
            }
        });

        socket.on("join-project", |socket, payload| {
            if let Some(project_id) = payload["projectId"].as_str() {
                socket.join(format!("project:{project_id}"));
            }
        });
    });
}

fn pass_on(socket: &Socket, payload: &Payload) {
    let room = payload["projectId"].as_str().map(|id| format!("project:{id}"));
    match room.filter(|room| socket.rooms().contains(room)) {
        Some(room) => socket.io().to(room).except(socket.id().as_str()).emit("task-updated", payload.value()),
        None => socket.emit("error-message", json!({ "message": "join the project first" })),
    }
}
