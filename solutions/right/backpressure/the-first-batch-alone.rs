//! The update that finds its reader idle is a batch of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Socket, SocketId};
use serde_json::{Map, Value, json};

/// Time that a reader has to acknowledge a batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// Tasks that may wait for one reader.
const LIMIT: usize = 8;

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
        let update = (task_id.to_owned(), update.clone());
        let mut outboxes = self.0.lock().unwrap();
        let Some(waiting) = outboxes.get_mut(reader.id()) else {
            outboxes.insert(reader.id().clone(), Batch::new());
            tokio::spawn(self.clone().deliver(reader, Batch::from_iter([update])));
            return;
        };
        waiting.extend([update]);
        if waiting.len() > LIMIT {
            drop(outboxes);
            cut_off(&reader);
        }
    }

    /// Sends batch after batch, until nothing waits or the reader is gone.
    async fn deliver(self, reader: Socket, first: Batch) {
        let mut next = Some(first);
        while let Some(batch) = next {
            if reader.emit_with_ack("tasks-updated", batch, PATIENCE).await.is_err() {
                cut_off(&reader);
                self.0.lock().unwrap().remove(reader.id());
            }
            next = self.take(reader.id());
        }
    }

    fn take(&self, reader: &SocketId) -> Option<Batch> {
        let mut outboxes = self.0.lock().unwrap();
        let batch = std::mem::take(outboxes.get_mut(reader)?);
        if batch.is_empty() {
            outboxes.remove(reader);
            return None;
        }
        Some(batch)
    }
}

/// Nothing happens where the reader is gone already.
fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    reader.disconnect();
}
