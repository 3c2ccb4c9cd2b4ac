//! One batch is on its way to all readers together, so the slowest one sets the pace.
//!
//! Fails: a-fast-reader-notices-nothing
//! Says: Step 6
//! Says: cat should receive tasks-updated with {"t1":{"title":"two"}}, and did not. The server received update-task from ann and sent no tasks-updated to anyone.
//! Reader: tasks-updated
//! Reader: and did not | never | nothing | got no | instead | later | came late |  ms

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Socket};
use serde_json::{Map, Value, json};

const PATIENCE: Duration = Duration::from_secs(5);

/// What waits for all; nothing where no batch is on its way.
type Outbox = Arc<Mutex<Option<Map<String, Value>>>>;

pub fn app(io: &Io) {
    let outbox = Outbox::default();
    io.on_connection(move |socket| {
        socket.on("follow", |socket, _payload| socket.join("board"));

        let outbox = Arc::clone(&outbox);
        socket.on("update-task", move |socket, payload| {
            let Some(task_id) = payload["taskId"].as_str() else { return };
            let mut waiting = outbox.lock().unwrap();
            if waiting.is_none() {
                tokio::spawn(deliver(socket.io().clone(), Arc::clone(&outbox)));
            }
            waiting.get_or_insert_default().insert(task_id.to_owned(), payload.value().clone());
        });
    });
}

async fn deliver(io: Io, outbox: Outbox) {
    while let Some(batch) = take(&outbox) {
        let answers = io.to("board").emit_with_ack("tasks-updated", batch, PATIENCE).await;
        answers.iter().filter(|(_, answer)| answer.is_err()).for_each(|(reader, _)| cut_off(reader));
    }
}

fn take(outbox: &Outbox) -> Option<Map<String, Value>> {
    let mut waiting = outbox.lock().unwrap();
    let batch = waiting.take().filter(|batch| !batch.is_empty())?;
    *waiting = Some(Map::new());
    Some(batch)
}

/// Nothing happens where the reader is gone already.
fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    reader.disconnect();
}
