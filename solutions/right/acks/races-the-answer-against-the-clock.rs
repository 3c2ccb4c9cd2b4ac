//! The answers are nested by person, and each attempt races an answer against the clock.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Socket};
use serde_json::{Value, json};

#[derive(Default)]
struct Desk {
    last_task: AtomicU32,
    requests: Mutex<HashMap<String, HashMap<String, Value>>>,
}

pub fn app(io: &Io) {
    let desk: Arc<Desk> = Arc::default();
    io.on_connection(move |socket| {
        let me = socket.handshake_auth()["user"].as_str().unwrap_or_default().to_owned();
        socket.join(format!("inbox of {me}"));
        let desk = Arc::clone(&desk);
        socket.on("assign-task", move |socket, payload| {
            let (Some(key), Some(to)) = (payload["key"].as_str(), payload["to"].as_str()) else { return };
            let answer = desk.answer(&me, key, |task_id| {
                let task = json!({ "taskId": task_id, "title": payload["title"] });
                tokio::spawn(assign(socket.clone(), format!("inbox of {me}"), format!("inbox of {to}"), task));
            });
            payload.ack(answer);
        });
    });
}

impl Desk {
    fn answer(&self, user: &str, key: &str, begin: impl FnOnce(&str)) -> Value {
        match self.requests.lock().unwrap().entry(user.to_owned()).or_default().entry(key.to_owned()) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => {
                let task_id = format!("t{}", 1 + self.last_task.fetch_add(1, Ordering::Relaxed));
                begin(&task_id);
                new.insert(json!({ "taskId": task_id })).clone()
            }
        }
    }
}

async fn assign(asked: Socket, lead: String, worker: String, task: Value) {
    let io = asked.io();
    let mut left = 3;
    let outcome = loop {
        if left == 0 {
            break "task-failed";
        }
        left -= 1;
        tokio::select! {
            biased;
            () = answered(io, &worker, &task) => break "task-accepted",
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    };
    io.to(lead).emit(outcome, json!({ "taskId": task["taskId"] }));
}

/// Completes with the first answer, and never without one.
async fn answered(io: &Io, worker: &str, task: &Value) {
    let answers = io.to(worker).emit_with_ack("task-assigned", task, Duration::from_secs(1)).await;
    if answers.iter().all(|(_, answer)| answer.is_err()) {
        std::future::pending().await
    }
}
