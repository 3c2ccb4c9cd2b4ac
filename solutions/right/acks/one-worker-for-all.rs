//! One worker for the server's life, on the pool for blocking work, decides which request counts.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rooms::{Io, Payload};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

/// What `assign-task` carries.
#[derive(Deserialize)]
struct Request {
    key: String,
    to: String,
    title: String,
}

/// A request, and the room of the person who asked.
struct Asked {
    io: Io,
    by: String,
    payload: Payload,
}

/// A task reaches the one it is for, or the one who asked for it hears that it did not.
pub fn app(io: &Io) {
    let (ask, asked) = channel();
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || decide(&asked, &runtime));
    io.on_connection(move |socket| {
        let me = room(socket.handshake_auth()["user"].as_str().unwrap_or("somebody"));
        socket.join(&me);
        let ask = ask.clone();
        socket.on("assign-task", move |socket, payload| {
            let asked = Asked { io: socket.io().clone(), by: me.clone(), payload: payload.clone() };
            ask.send(asked).unwrap();
        });
    });
}

/// Answers each request, for as long as there may be others.
fn decide(asked: &Receiver<Asked>, runtime: &Handle) {
    let mut answers: HashMap<(String, String), Value> = HashMap::new();
    for Asked { io, by, payload } in asked {
        let Ok(Request { key, to, title }) = payload.parse() else { continue };
        let task_id = format!("t{}", answers.len() + 1);
        let answer = answers.entry((by.clone(), key)).or_insert_with(|| {
            let task = json!({ "taskId": task_id, "title": title });
            runtime.spawn(assign(io, by, room(&to), task));
            json!({ "taskId": task_id })
        });
        payload.ack(answer);
    }
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
