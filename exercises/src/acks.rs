//! Sent is not arrived. The page has the contract; `rtws hint acks` has help.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::Io;
use serde::Deserialize;
use serde_json::{Value, json};

/// The payload of `assign-task`.
#[derive(Deserialize)]
struct Request {
    key: String,
    to: String,
    title: String,
}

/// The answer to each request, by the person's room and the key.
type Answers = Arc<Mutex<HashMap<(String, String), Value>>>;

/// The server under test.
pub fn app(io: &Io) {
    let answers = Answers::default();
    io.on_connection(move |socket| {
        // A person is reached in a room, whichever socket they have at the moment.
        let me = room(socket.handshake_auth()["user"].as_str().unwrap_or("somebody"));
        socket.join(&me);

        let answers = Arc::clone(&answers);
        socket.on("assign-task", move |socket, payload| {
            let Ok(Request { key, to, title }) = payload.parse() else { return };
            // 1. Did this person ask with this key before? Then give the same answer, and stop.
            //    Page: "A request counts once".
            // 2. If not: number the task, remember the answer, and give it at once.
            //    Page: "A request counts once".
            let _ = (key, &answers);
            let task = json!({ "taskId": "t1", "title": title });
            // The handler goes on, and its connection may end before the task has arrived.
            tokio::spawn(assign(socket.io().clone(), me.clone(), room(&to), task));
        });
    });
}

/// Sends a task to the worker, and tells the lead the outcome.
async fn assign(io: Io, lead: String, worker: String, task: Value) {
    let event = if is_taken(&io, &worker, &task).await { "task-accepted" } else { "task-failed" };
    io.to(lead).emit(event, json!({ "taskId": task["taskId"] }));
}

/// Whether somebody in the worker's room acknowledges the task.
async fn is_taken(io: &Io, worker: &str, task: &Value) -> bool {
    // 3. Until now there is one attempt.
    //    Page: "Three attempts".
    let answers = io.to(worker).emit_with_ack("task-assigned", task, Duration::from_secs(1)).await;
    answers.iter().any(|(_socket, answer)| answer.is_ok())
}

fn room(user: &str) -> String {
    format!("user:{user}")
}
