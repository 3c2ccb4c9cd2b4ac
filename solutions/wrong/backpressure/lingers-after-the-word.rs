//! Between `cut-off` and the disconnect there is a pause, so that the word arrives.
//!
//! Fails: a-silent-reader-is-cut-off
//! Says: the server should disconnect bob here, and did not

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Socket, SocketId};
use serde_json::{Map, Value, json};

/// Updates of tasks reach every reader at its own pace.
pub fn app(io: &Io) {
    let outboxes = Outboxes::default();
    io.on_connection(move |socket| {
        socket.on("follow", |socket, _payload| socket.join("board"));

        let outboxes = outboxes.clone();
        socket.on("update-task", move |socket, payload| {
            let Some(task_id) = payload["taskId"].as_str() else { return };
            for reader in socket.io().fetch_sockets("board") {
                outboxes.put(reader, task_id, payload.value());
            }
        });
    });
}

/// The latest update of each task, by its id.
type Batch = Map<String, Value>;

/// What waits for each reader that has a batch on its way. Who has none has no entry.
#[derive(Clone, Default)]
struct Outboxes(Arc<Mutex<HashMap<SocketId, Batch>>>);

impl Outboxes {
    fn put(&self, reader: Socket, task_id: &str, update: &Value) {
        let mut outboxes = self.0.lock().unwrap();
        let is_idle = !outboxes.contains_key(reader.id());
        let waiting = outboxes.entry(reader.id().clone()).or_default();
        waiting.insert(task_id.to_owned(), update.clone());
        if is_idle {
            tokio::spawn(self.clone().deliver(reader));
        } else if waiting.len() > 8 {
            cut_off(&reader);
        }
    }

    /// Sends batch after batch, until nothing waits or the reader is gone.
    async fn deliver(self, reader: Socket) {
        while let Some(batch) = self.take(&reader) {
            let shown = reader.emit_with_ack("tasks-updated", batch, Duration::from_secs(5)).await;
            if shown.is_err() {
                cut_off(&reader);
                self.0.lock().unwrap().remove(reader.id());
            }
        }
    }

    /// What waits, if anything does; otherwise the entry goes, under the same lock.
    fn take(&self, reader: &Socket) -> Option<Batch> {
        let mut outboxes = self.0.lock().unwrap();
        let batch = std::mem::take(outboxes.get_mut(reader.id())?);
        if batch.is_empty() {
            outboxes.remove(reader.id());
            return None;
        }
        Some(batch)
    }
}

/// Nothing happens where the reader is gone already.
fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    let reader = reader.clone();
    tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
        reader.disconnect();
    });
}
