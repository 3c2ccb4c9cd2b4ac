//! Slow readers. The page has the contract; `rtws hint backpressure` has help.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rooms::{Io, Socket, SocketId};
use serde_json::{Map, Value, json};

/// The server under test. That each reader has an outbox is given; `Outboxes` is yours.
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

/// The updates that wait for each reader with a batch on its way. A reader without one has no entry.
#[derive(Clone, Default)]
struct Outboxes(Arc<Mutex<HashMap<SocketId, Batch>>>);

impl Outboxes {
    /// Until now each update goes out at once, whether its reader keeps up or not.
    fn put(&self, reader: Socket, task_id: &str, update: &Value) {
        let _outboxes = self.0.lock().unwrap();
        // 1. Nothing is on its way to this reader: send a batch and wait for its acknowledgement
        //    (`reader.emit_with_ack(event, batch, patience).await`), in a separate task
        //    (`tokio::spawn`).
        //    Page: "One batch at a time".
        // 2. Otherwise the update waits, for the next batch.
        //    Page: "One batch at a time".
        // 3. Cut off a reader that does not keep up: no acknowledgement in time, or too many tasks wait.
        //    Page: "Who is cut off".
        reader.emit("tasks-updated", Batch::from_iter([(task_id.to_owned(), update.clone())]));
    }

    /// The waiting updates, if there are any; otherwise the entry is removed, under the same lock.
    #[allow(dead_code)] // Until you call it.
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

/// Does nothing if the reader is already gone.
#[allow(dead_code)] // Until you call it.
fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    reader.disconnect();
}
