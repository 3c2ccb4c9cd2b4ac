//! The key is forgotten when its task is through.
//!
//! Fails: a-key-counts-once
//! Says: Step 6
//! Says: ann should receive nothing here, and received task-assigned

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::Io;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

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
            let (all, request) = (Arc::clone(&answers), (me.clone(), key.clone()));
            let forget = move || drop(all.lock().unwrap().remove(&request));
            let mut answers = answers.lock().unwrap();
            let task_id = format!("t{}", answers.len() + 1);
            let answer = answers.entry((me.clone(), key)).or_insert_with(|| {
                let task = json!({ "taskId": task_id, "title": title });
                // The handler answers now, and its connection may end before the task has arrived.
                let (io, me, forget) = (socket.io().clone(), me.clone(), forget);
                tokio::spawn(async move {
                    assign(io, me, room(&to), task).await;
                    forget();
                });
                json!({ "taskId": task_id })
            });
            payload.ack(answer);
        });
    });
}

async fn assign(io: Io, lead: String, worker: String, task: Value) {
    let event = if is_taken(&io, &worker, &task).await { "task-accepted" } else { "task-failed" };
    io.to(lead).emit(event, json!({ "taskId": task["taskId"] }));
}

/// The room is looked up at each attempt, so a worker that came back gets the next one.
async fn is_taken(io: &Io, worker: &str, task: &Value) -> bool {
    for _ in 0..ATTEMPTS {
        let next = Instant::now() + PATIENCE;
        let answers = io.to(worker).emit_with_ack("task-assigned", task, PATIENCE).await;
        if answers.iter().any(|(_, answer)| answer.is_ok()) {
            return true;
        }
        sleep_until(next).await;
    }
    false
}

/// Where a person is reached, whichever socket they have at the moment.
fn room(user: &str) -> String {
    format!("user:{user}")
}
