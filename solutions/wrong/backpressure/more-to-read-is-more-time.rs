//! Each update that comes makes a new timer, so a reader is safe while there is much to tell it.
//!
//! Fails: a-silent-reader-is-cut-off
//! Says: Step 10 (wait 1000 ms): bob should receive cut-off with {"reason":"slow reader"}, and did not.
//! Says: cut-off was sent later, after the last step.

use std::collections::BTreeMap;
use std::time::Duration;

use rooms::{Io, Socket};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

#[derive(Default)]
struct Board {
    version: u64,
    tasks: BTreeMap<String, (u64, Value)>,
}

pub fn app(io: &Io) {
    let board = watch::Sender::new(Board::default());
    io.on_connection(move |socket| {
        let updates = board.clone();
        socket.on("follow", move |socket, _| drop(tokio::spawn(follow(socket.clone(), updates.subscribe()))));

        let board = board.clone();
        socket.on("update-task", move |_, payload| {
            let Some(task_id) = payload["taskId"].as_str() else { return };
            board.send_modify(|board| {
                board.version += 1;
                board.tasks.insert(task_id.to_owned(), (board.version, payload.value().clone()));
            });
        });
    });
}

async fn follow(reader: Socket, mut board: watch::Receiver<Board>) {
    let mut seen = board.borrow_and_update().version;
    while board.changed().await.is_ok() && reader.is_connected() {
        let batch;
        (seen, batch) = board.borrow_and_update().since(seen);
        if batch.is_empty() {
            continue;
        }
        if !is_read(&reader, &mut board, seen, batch).await {
            reader.emit("cut-off", json!({ "reason": "slow reader" }));
            return reader.disconnect();
        }
        board.mark_changed();
    }
}

async fn is_read(reader: &Socket, board: &mut watch::Receiver<Board>, seen: u64, batch: Map<String, Value>) -> bool {
    let mut answer = std::pin::pin!(reader.emit_with_ack("tasks-updated", batch, Duration::MAX));
    loop {
        tokio::select! {
            answer = &mut answer => return answer.is_ok(),
            _ = board.changed() => if board.borrow_and_update().since(seen).1.len() > 8 { return false },
            () = tokio::time::sleep(Duration::from_secs(5)) => return false,
        }
    }
}

impl Board {
    fn since(&self, seen: u64) -> (u64, Map<String, Value>) {
        let news = self.tasks.iter().filter(|(_, (version, _))| *version > seen);
        (self.version, news.map(|(task_id, (_, update))| (task_id.clone(), update.clone())).collect())
    }
}
