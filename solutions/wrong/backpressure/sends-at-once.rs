//! Each update goes out at once, with an acknowledgement of its own, and all of them wait in the queues below.
//!
//! Fails: the-latest-of-each-task-waits
//! Says: Step 4 (ann emits update-task {"taskId":"t1","title":"two"}): bob should receive nothing here, and received tasks-updated {"t1":{"taskId":"t1","title":"two"}}.
//! Reader: tasks-updated
//! Reader: should not | not expected | more than once | again | should receive no

use std::time::Duration;

use rooms::{Io, Socket};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(5);

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("follow", |socket, _payload| socket.join("board"));

        socket.on("update-task", |socket, payload| {
            let Some(task_id) = payload["taskId"].as_str() else { return };
            for reader in socket.io().fetch_sockets("board") {
                tokio::spawn(send(reader, json!({ task_id: payload })));
            }
        });
    });
}

async fn send(reader: Socket, batch: Value) {
    if reader.emit_with_ack("tasks-updated", batch, PATIENCE).await.is_err() {
        cut_off(&reader);
    }
}

/// Nothing happens where the reader is gone already.
fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    reader.disconnect();
}
