//! What is remembered as long as the server runs is in statics, and so is the server itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::Duration;

use rooms::Io;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

/// What `assign-task` carries.
#[derive(Deserialize)]
struct Request {
    key: String,
    to: String,
    title: String,
}

/// What each request was answered, by the person's room and the key.
static ANSWERS: LazyLock<Mutex<HashMap<(String, String), Value>>> = LazyLock::new(Mutex::default);
static TASKS: AtomicUsize = AtomicUsize::new(0);
static SERVER: OnceLock<Io> = OnceLock::new();

/// A task reaches the one it is for, or the one who asked for it hears that it did not.
pub fn app(io: &Io) {
    SERVER.set(io.clone()).unwrap();
    io.on_connection(|socket| {
        // A person is reached in a room, whichever socket they have at the moment.
        let me = room(socket.handshake_auth()["user"].as_str().unwrap_or("somebody"));
        socket.join(&me);

        socket.on("assign-task", move |_, payload| {
            let Ok(Request { key, to, title }) = payload.parse() else { return };
            let mut answers = ANSWERS.lock().unwrap();
            let answer = answers.entry((me.clone(), key)).or_insert_with(|| {
                let task_id = format!("t{}", TASKS.fetch_add(1, Ordering::Relaxed) + 1);
                let task = json!({ "taskId": task_id, "title": title });
                // The handler goes on, and its connection may end before the task has arrived.
                tokio::spawn(assign(SERVER.wait().clone(), me.clone(), room(&to), task));
                json!({ "taskId": task_id })
            });
            payload.ack(answer);
        });
    });
}

/// Gets a task to the worker, and tells who asked for it what became of it.
async fn assign(io: Io, lead: String, worker: String, task: Value) {
    let event = if is_taken(&io, &worker, &task).await { "task-accepted" } else { "task-failed" };
    io.to(lead).emit(event, json!({ "taskId": task["taskId"] }));
}

/// Whether somebody in the worker's room acknowledges the task. Each attempt looks anew who that is.
async fn is_taken(io: &Io, worker: &str, task: &Value) -> bool {
    for _ in 0..3 {
        let next = Instant::now() + Duration::from_secs(1);
        let answers = io.to(worker).emit_with_ack("task-assigned", task, Duration::from_secs(1)).await;
        if answers.iter().any(|(_socket, answer)| answer.is_ok()) {
            return true;
        }
        // Where nobody is, the answer is there at once.
        sleep_until(next).await;
    }
    false
}

fn room(user: &str) -> String {
    format!("user:{user}")
}
