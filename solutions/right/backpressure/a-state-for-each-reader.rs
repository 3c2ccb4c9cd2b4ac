//! Each reader has a state of its own, idle or busy, from following to disconnecting.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Io, Payload, Socket};
use serde_json::{Value, json};

type Batch = BTreeMap<String, Value>;

enum State {
    Idle,
    Busy(Batch),
}

struct Reader {
    socket: Socket,
    state: Mutex<State>,
}

type Readers = Arc<Mutex<Vec<Arc<Reader>>>>;

pub fn app(io: &Io) {
    let readers = Readers::default();
    io.on_connection(move |socket| {
        let all = Arc::clone(&readers);
        socket.on("update-task", move |_, payload| {
            let readers = all.lock().unwrap().clone();
            readers.iter().for_each(|reader| reader.update(payload));
        });

        let all = Arc::clone(&readers);
        socket.on("follow", move |socket, _| {
            let reader = Reader { socket: socket.clone(), state: Mutex::new(State::Idle) };
            all.lock().unwrap().push(Arc::new(reader));
        });

        let all = Arc::clone(&readers);
        socket.on_disconnect(move |socket, _| all.lock().unwrap().retain(|reader| reader.socket.id() != socket.id()));
    });
}

impl Reader {
    fn update(self: &Arc<Self>, payload: &Payload) {
        let Some(task_id) = payload["taskId"].as_str().map(str::to_owned) else { return };
        let mut state = self.state.lock().unwrap();
        match &mut *state {
            State::Idle => {
                *state = State::Busy(Batch::new());
                let batch = Batch::from([(task_id, payload.value().clone())]);
                tokio::spawn(Arc::clone(self).send(batch));
            }
            State::Busy(waiting) => {
                waiting.insert(task_id, payload.value().clone());
                if waiting.len() > 8 {
                    drop(state);
                    self.cut_off();
                }
            }
        }
    }

    async fn send(self: Arc<Self>, mut batch: Batch) {
        while !batch.is_empty() {
            let answer = self.socket.emit_with_ack("tasks-updated", &batch, Duration::from_secs(5)).await;
            if answer.is_err() {
                return self.cut_off();
            }
            batch = self.next();
        }
    }

    fn next(&self) -> Batch {
        let mut state = self.state.lock().unwrap();
        let waiting = match &mut *state {
            State::Busy(waiting) => mem::take(waiting),
            State::Idle => Batch::new(),
        };
        if waiting.is_empty() {
            *state = State::Idle;
        }
        waiting
    }

    fn cut_off(&self) {
        self.socket.emit("cut-off", json!({ "reason": "slow reader" }));
        self.socket.disconnect();
    }
}
