//! Sockets are kept in lists, answers to all attempts count until the last one is over, and deadlines are fixed at first.

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
#[derive(Default)]
struct State {
    next: AtomicU64,
    people: RwLock<BTreeMap<String, BTreeMap<String, String>>>,
    sockets: RwLock<BTreeMap<String, Vec<Socket>>>,
}
pub fn app(io: &Io) {
    let state = Arc::new(State::default());
    io.on_connection(move |socket| {
        let who = socket.handshake_auth()["user"].as_str().unwrap_or("x").to_owned();
        state.sockets.write().unwrap().entry(who.clone()).or_default().push(socket.clone());
        let (s, w) = (Arc::clone(&state), who.clone());
        socket.on_disconnect(move |socket, _| {
            if let Some(v) = s.sockets.write().unwrap().get_mut(&w) {
                v.retain(|o| o.id() != socket.id());
            }
        });
        let s = Arc::clone(&state);
        socket.on_async("assign-task", move |_socket, payload| {
            let (s, who) = (Arc::clone(&s), who.clone());
            async move { s.request(who, payload).await }
        });
    });
}
impl State {
    async fn request(self: Arc<Self>, who: String, payload: Payload) {
        tokio::task::yield_now().await;
        let text = |n: &str| payload[n].as_str().unwrap_or_default().to_owned();
        let mut new = false;
        let id = self
            .people
            .write()
            .unwrap()
            .entry(who.clone())
            .or_default()
            .entry(text("key"))
            .or_insert_with(|| {
                new = true;
                format!("t{}", self.next.fetch_add(1, Ordering::SeqCst) + 1)
            })
            .clone();
        payload.ack(json!({"taskId": id}));
        if new {
            tokio::spawn(Arc::clone(&self).work(who, text("to"), json!({"taskId": id, "title": text("title")})));
        }
    }
    fn of(&self, who: &str) -> Vec<Socket> {
        self.sockets.read().unwrap().get(who).cloned().unwrap_or_default()
    }
    async fn work(self: Arc<Self>, who: String, to: String, task: Value) {
        let taken = Arc::new(Notify::new());
        let begin = Instant::now();
        let mut event = "task-failed";
        for attempt in 1..=3 {
            for socket in self.of(&to) {
                let (taken, task) = (Arc::clone(&taken), task.clone());
                tokio::spawn(async move {
                    if socket.emit_with_ack("task-assigned", &task, Duration::from_secs(3)).await.is_ok() {
                        taken.notify_one();
                    }
                });
            }
            if timeout_at(begin + Duration::from_secs(attempt), taken.notified()).await.is_ok() {
                event = "task-accepted";
                break;
            }
        }
        for socket in self.of(&who) {
            socket.emit(event, json!({ "taskId": task["taskId"] }));
        }
    }
}
