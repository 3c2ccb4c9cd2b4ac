//! A task for each reader lives as long as its connection, and takes updates from a channel.

use rooms::{Io, Socket, SocketId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout_at};
type Update = (String, Value);
pub fn app(io: &Io) {
    let readers: Arc<Mutex<HashMap<SocketId, UnboundedSender<Update>>>> = Arc::default();
    io.on_connection(move |socket| {
        let r = Arc::clone(&readers);
        socket.on("follow", move |socket, _| {
            r.lock().unwrap().entry(socket.id().clone()).or_insert_with(|| {
                let (tx, rx) = unbounded_channel();
                tokio::spawn(read(socket.clone(), rx));
                tx
            });
        });
        let r = Arc::clone(&readers);
        socket.on_disconnect(move |socket, _| drop(r.lock().unwrap().remove(socket.id())));
        let r = Arc::clone(&readers);
        socket.on_async("update-task", move |_, payload| {
            let r = Arc::clone(&r);
            async move {
                tokio::task::yield_now().await;
                let id = payload["taskId"].as_str().unwrap_or_default();
                for tx in r.lock().unwrap().values() {
                    let _ = tx.send((id.to_owned(), payload.value().clone()));
                }
            }
        });
    });
}
async fn read(socket: Socket, mut rx: UnboundedReceiver<Update>) {
    while let Some(first) = rx.recv().await {
        let mut batch = BTreeMap::from([first]);
        while !batch.is_empty() {
            let mut waiting = BTreeMap::new();
            let deadline = Instant::now() + Duration::from_secs(5);
            let ack =
                timeout_at(deadline, socket.emit_with_ack("tasks-updated", batch.clone(), Duration::from_secs(60)));
            tokio::pin!(ack);
            let shown = loop {
                tokio::select! {
                    a = &mut ack => break matches!(a, Ok(Ok(_))),
                    u = rx.recv() => match u { Some((id, v)) => { waiting.insert(id, v); if waiting.len() > 8 { break false } } None => return },
                }
            };
            if !shown {
                socket.emit("cut-off", json!({"reason": "slow reader"}));
                socket.disconnect();
                return;
            }
            batch = std::mem::take(&mut waiting);
        }
    }
}
