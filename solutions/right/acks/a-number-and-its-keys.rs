//! A state of the next number and an id for each key; delivery knows nothing of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::Io;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

#[derive(Deserialize)]
struct Assign {
    key: String,
    to: String,
    title: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Assigned {
    task_id: String,
    title: String,
}

#[derive(Default)]
struct State {
    next: u64,
    ids: HashMap<(String, String), String>,
}

pub fn app(io: &Io) {
    let state: Arc<Mutex<State>> = Arc::default();
    io.on_connection(move |socket| {
        let user = socket.handshake_auth()["user"].as_str().unwrap_or("somebody").to_owned();
        socket.join(format!("user:{user}"));
        let state = Arc::clone(&state);
        socket.on("assign-task", move |socket, payload| {
            let Ok(request) = payload.parse::<Assign>() else { return };
            let (task_id, new) = {
                let mut state = state.lock().unwrap();
                let slot = (user.clone(), request.key.clone());
                match state.ids.get(&slot) {
                    Some(id) => (id.clone(), false),
                    None => {
                        state.next += 1;
                        let id = format!("t{}", state.next);
                        state.ids.insert(slot, id.clone());
                        (id, true)
                    }
                }
            };
            payload.ack(json!({ "taskId": task_id }));
            if new {
                let io = socket.io().clone();
                let asker = format!("user:{user}");
                tokio::spawn(deliver(io, asker, request.to, Assigned { task_id, title: request.title }));
            }
        });
    });
}

async fn deliver(io: Io, asker: String, to: String, task: Assigned) {
    let result = json!({ "taskId": task.task_id });
    for _ in 0..3 {
        let next = Instant::now() + Duration::from_secs(1);
        let answers = io.to(format!("user:{to}")).emit_with_ack("task-assigned", &task, Duration::from_secs(1)).await;
        if answers.iter().any(|(_, answer)| answer.is_ok()) {
            io.to(asker).emit("task-accepted", result);
            return;
        }
        sleep_until(next).await;
    }
    io.to(asker).emit("task-failed", result);
}
