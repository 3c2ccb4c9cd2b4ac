//! A task of its own owns the requests, and ticks set the pace of the attempts.

use std::collections::BTreeMap;
use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

const SECOND: Duration = Duration::from_secs(1);

pub fn app(io: &Io) {
    let (requests, incoming) = unbounded_channel();
    tokio::spawn(assign_all(io.clone(), incoming));
    io.on_connection(move |socket| {
        let requests = requests.clone();
        socket.on("assign-task", move |socket, payload| drop(requests.send((user(socket), payload.clone()))));
    });
}

fn user(socket: &Socket) -> Value {
    socket.handshake_auth()["user"].clone()
}

async fn assign_all(io: Io, mut incoming: UnboundedReceiver<(Value, Payload)>) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    while let Some((lead, payload)) = incoming.recv().await {
        let request = json!([lead, payload["key"]]).to_string();
        let count = known.len();
        let task_id = known.entry(request).or_insert_with(|| {
            let task_id = format!("t{}", count + 1);
            let task = json!({ "taskId": task_id, "title": payload["title"] });
            tokio::spawn(assign(io.clone(), lead, payload["to"].clone(), task));
            task_id
        });
        payload.ack(json!({ "taskId": task_id }));
    }
}

async fn assign(io: Io, lead: Value, worker: Value, task: Value) {
    let mut ticks = interval(SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut outcome = "task-failed";
    for _ in 0..3 {
        ticks.tick().await;
        let Some(socket) = find(&io, &worker) else { continue };
        if socket.emit_with_ack("task-assigned", &task, SECOND).await.is_ok() {
            outcome = "task-accepted";
            break;
        }
    }
    if outcome == "task-failed" {
        ticks.tick().await;
    }
    if let Some(socket) = find(&io, &lead) {
        socket.emit(outcome, json!({ "taskId": task["taskId"] }));
    }
}

fn find(io: &Io, wanted: &Value) -> Option<Socket> {
    io.sockets().into_iter().rfind(|socket| user(socket) == *wanted)
}
