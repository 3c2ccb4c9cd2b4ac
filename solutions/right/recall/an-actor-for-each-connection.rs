//! A guard that both events pass, and an actor for each connection that does the work.

use std::sync::LazyLock;

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};
use tokio::sync::mpsc;

static REFUSAL: LazyLock<Value> = LazyLock::new(|| json!({ "message": "projectId required" }));

enum Job {
    Join { project: Option<String> },
    Relay { project: String, update: Box<Value> },
}

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        let (jobs, mut inbox) = mpsc::unbounded_channel();
        let me = socket.clone();
        tokio::spawn(async move {
            while let Some(job) = inbox.recv().await {
                tokio::task::yield_now().await;
                work(&me, job);
            }
        });
        let joins = jobs.clone();
        socket.on("join-project", move |_, payload| {
            joins.send(Job::Join { project: text(payload, "/projectId") }).unwrap();
        });
        socket.on("task-updated", move |_, payload| {
            if let Some((project, _)) = text(payload, "/projectId").zip(text(payload, "/taskId")) {
                jobs.send(Job::Relay { project, update: Box::new(payload.value().clone()) }).unwrap();
            }
        });
    });
}

fn work(socket: &Socket, job: Job) {
    match job {
        Job::Join { project: None } => socket.emit("error-message", &*REFUSAL),
        Job::Join { project: Some(project) } => socket.join(["project", &project].join(":")),
        Job::Relay { project, update } => {
            let members = socket.io().to(["project", &project].join(":")).fetch_sockets();
            members.into_iter().for_each(|member| member.emit("task-updated", &update));
        }
    }
}

fn text(payload: &Payload, pointer: &str) -> Option<String> {
    match payload.value().pointer(pointer)? {
        Value::String(text) if text.bytes().next().is_some() => Some(text.clone()),
        _ => None,
    }
}
