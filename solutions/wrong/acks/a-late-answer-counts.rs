//! The answers to all attempts are awaited for long, so a task that has failed is accepted after all.
//!
//! Fails: a-late-answer-changes-nothing
//! Says: Step 5 (bob answers task-assigned): ann should receive nothing here, and received task-accepted {"taskId":"t1"}
//! Reader: task-accepted
//! Reader: should not | not expected | should receive no

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::Io;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

const ATTEMPTS: u32 = 3;
/// From one attempt to the next, and so the time there is to answer it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What each request was answered, by the person's room and the key.
type Answers = Arc<Mutex<HashMap<(String, String), Value>>>;

#[derive(Deserialize)]
struct Request {
    key: String,
    to: String,
    title: String,
}

/// A task reaches the one it is for, or the one who asked for it hears that it did not.
pub fn app(io: &Io) {
    let answers = Answers::default();
    io.on_connection(move |socket| {
        let me = room(socket.handshake_auth()["user"].as_str().unwrap_or("somebody"));
        socket.join(&me);

        let answers = Arc::clone(&answers);
        socket.on("assign-task", move |socket, payload| {
            let Ok(Request { key, to, title }) = payload.parse() else { return };
            let mut answers = answers.lock().unwrap();
            let task_id = format!("t{}", answers.len() + 1);
            let answer = answers.entry((me.clone(), key)).or_insert_with(|| {
                let task = json!({ "taskId": task_id, "title": title });
                // The handler answers now, and its connection may end before the task has arrived.
                tokio::spawn(assign(socket.io().clone(), me.clone(), room(&to), task));
                json!({ "taskId": task_id })
            });
            payload.ack(answer);
        });
    });
}

async fn assign(io: Io, lead: String, worker: String, task: Value) {
    let (taken, mut taking) = mpsc::channel(1);
    for _ in 0..ATTEMPTS {
        tokio::spawn(attempt(io.clone(), worker.clone(), task.clone(), taken.clone()));
        if timeout(PATIENCE, taking.recv()).await.is_ok() {
            io.to(lead).emit("task-accepted", json!({ "taskId": task["taskId"] }));
            return;
        }
    }
    io.to(lead.as_str()).emit("task-failed", json!({ "taskId": task["taskId"] }));
    drop(taken);
    if taking.recv().await.is_some() {
        io.to(lead).emit("task-accepted", json!({ "taskId": task["taskId"] }));
    }
}

async fn attempt(io: Io, worker: String, task: Value, taken: mpsc::Sender<()>) {
    let answers = io.to(worker).emit_with_ack("task-assigned", task, 60 * PATIENCE).await;
    if answers.iter().any(|(_, answer)| answer.is_ok()) {
        let _ = taken.send(()).await;
    }
}

/// Where a person is reached, whichever socket they have at the moment.
fn room(user: &str) -> String {
    format!("user:{user}")
}
