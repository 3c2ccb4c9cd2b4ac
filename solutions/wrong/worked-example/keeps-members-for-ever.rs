//! Members are remembered by a seat number, and who leaves keeps the membership for the next one on that seat.
//!
//! Fails: forgets-rooms-on-disconnect
//! Says: bob should receive nothing here, and received task-updated
//! Says: bob was in no room. bob had left room project:p1 in step 4.
//! Reader: task-updated
//! Reader: should not | not expected | should receive no

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use rooms::{Io, Socket};
use serde_json::{Value, json};

/// The seats that have joined, by project. A seat is free again when its client is gone.
type Members = Arc<Mutex<BTreeMap<String, BTreeSet<usize>>>>;

pub fn app(io: &Io) {
    let members = Members::default();
    let seats: Arc<Mutex<Vec<Option<Socket>>>> = Arc::default();
    io.on_connection(move |socket| {
        let seat = {
            let mut seats = seats.lock().unwrap();
            let seat = seats.iter().position(Option::is_none).unwrap_or(seats.len());
            if seat == seats.len() {
                seats.push(None);
            }
            seats[seat] = Some(socket.clone());
            seat
        };
        let joined = Arc::clone(&members);
        socket.on("join-project", move |socket, payload| match name(&payload["projectId"]) {
            Some(project) => {
                joined.lock().unwrap().entry(project.clone()).or_default().insert(seat);
                socket.join(format!("project:{project}"));
            }
            None => socket.emit("error-message", json!({ "message": "projectId required" })),
        });
        let (members, all) = (Arc::clone(&members), Arc::clone(&seats));
        socket.on("task-updated", move |_socket, payload| {
            if let (Some(project), Some(_)) = (name(&payload["projectId"]), name(&payload["taskId"])) {
                let members = members.lock().unwrap().get(&project).cloned().unwrap_or_default();
                for member in members {
                    if let Some(socket) = &all.lock().unwrap()[member] {
                        socket.emit("task-updated", payload);
                    }
                }
            }
        });
        let seats = Arc::clone(&seats);
        socket.on_disconnect(move |_, _| seats.lock().unwrap()[seat] = None);
    });
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.as_f64() != Some(0.0) => Some(number.to_string()),
        _ => None,
    }
}
