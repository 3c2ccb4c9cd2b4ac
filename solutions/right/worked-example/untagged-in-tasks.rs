//! An id is an untagged enum, and every handler does its work in a task.

use rooms::{Io, Payload, Socket};
use serde::Deserialize;
use serde_json::{Number, json};

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(Number),
}

impl Id {
    fn of(payload: &Payload, key: &str) -> Option<String> {
        match Self::deserialize(&payload[key]).ok()? {
            Self::Text(text) => (!text.is_empty()).then_some(text),
            Self::Number(number) => number.as_f64().is_some_and(|n| n != 0.0).then(|| number.to_string()),
        }
    }
}

macro_rules! in_a_task {
    ($socket:expr, $event:literal, $work:path) => {
        $socket.on($event, |socket, payload| {
            let (socket, payload) = (socket.clone(), payload.clone());
            tokio::spawn(async move { $work(&socket, &payload) });
        })
    };
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        in_a_task!(socket, "task-updated", relay);
        in_a_task!(socket, "join-project", join);
    });
}

fn join(socket: &Socket, payload: &Payload) {
    match Id::of(payload, "projectId") {
        Some(project) => socket.join(format!("project:{project}")),
        None => socket.emit("error-message", json!({ "message": "projectId required" })),
    }
}

fn relay(socket: &Socket, payload: &Payload) {
    let ids = ["projectId", "taskId"].map(|key| Id::of(payload, key));
    if let [Some(project), Some(_task)] = ids {
        let room = format!("project:{project}");
        socket.to(&room).emit("task-updated", payload);
        if socket.rooms().contains(&room) {
            socket.emit("task-updated", payload);
        }
    }
}
