//! Each reader is busy or not, and a ninth task is refused before it waits.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Payload, Socket, SocketId};
use serde_json::json;

type Batch = BTreeMap<String, Payload>;

#[derive(Default)]
struct Reader {
    busy: bool,
    waiting: Batch,
}

type Readers = Arc<Mutex<HashMap<SocketId, Reader>>>;

pub fn app(io: &Io) {
    let readers = Readers::default();
    io.on_connection(move |socket| {
        socket.on("follow", |socket, _payload| socket.join("board"));
        let all = readers.clone();
        socket.on_disconnect(move |socket, _| {
            all.lock().unwrap().remove(socket.id());
        });
        let readers = readers.clone();
        socket.on("update-task", move |socket, payload| {
            let Some(task_id) = payload["taskId"].as_str() else { return };
            for reader in socket.io().fetch_sockets("board") {
                let mut all = readers.lock().unwrap();
                let state = all.entry(reader.id().clone()).or_default();
                if !state.busy {
                    state.busy = true;
                    let batch = Batch::from([(task_id.to_owned(), payload.clone())]);
                    tokio::spawn(serve(reader, readers.clone(), batch));
                } else if state.waiting.contains_key(task_id) || state.waiting.len() < 8 {
                    state.waiting.insert(task_id.to_owned(), payload.clone());
                } else {
                    drop(all);
                    cut_off(&reader);
                }
            }
        });
    });
}

fn cut_off(reader: &Socket) {
    reader.emit("cut-off", json!({ "reason": "slow reader" }));
    reader.disconnect();
}

async fn serve(reader: Socket, readers: Readers, mut batch: Batch) {
    loop {
        if reader.emit_with_ack("tasks-updated", &batch, Duration::from_secs(5)).await.is_err() {
            if reader.is_connected() {
                cut_off(&reader);
            }
            return;
        }
        let mut all = readers.lock().unwrap();
        let Some(state) = all.get_mut(reader.id()) else { return };
        batch = std::mem::take(&mut state.waiting);
        if batch.is_empty() {
            state.busy = false;
            return;
        }
    }
}
