//! The handler of the sender awaits the answers of the readers.
//!
//! Fails: an-idle-reader-hears-at-once
//! Says: The handler of update-task took 5.0 s, and what else ann sends waits for it.
//! Reader: tasks-updated
//! Reader: and did not | never | nothing | got no | instead | later | came late |  ms | took

use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(5);

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        socket.on("follow", |socket, _payload| socket.join("board"));
        socket.on_async("update-task", update_task);
    });
}

async fn update_task(socket: Socket, payload: Payload) {
    let Some(task_id) = payload["taskId"].as_str() else { return };
    for reader in socket.io().fetch_sockets("board") {
        if reader.emit_with_ack("tasks-updated", json!({ task_id: payload }), PATIENCE).await.is_err() {
            cut_off(&reader);
        }
    }
}

/// Nothing happens where the reader is gone already.
fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    reader.disconnect();
}
