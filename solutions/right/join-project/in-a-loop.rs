//! One table of events with their handlers; the handler says what to answer.

use rooms::{Io, Payload, Socket};
use serde_json::{Map, Value};

type Handler = fn(&Socket, &Payload) -> Answer;
type Answer = (&'static str, &'static str, String);

const HANDLERS: &[(&str, Handler)] = &[("join-project", join_project)];

pub fn app(io: &Io) {
    io.on_connection(|socket| {
        for &(event, handler) in HANDLERS {
            socket.on(event, move |socket, payload| {
                let (name, key, text) = handler(socket, payload);
                socket.emit(name, Map::from_iter([(key.to_owned(), Value::from(text))]));
            });
        }
    });
}

fn join_project(socket: &Socket, payload: &Payload) -> Answer {
    let id: String = payload["projectId"].as_str().unwrap_or_default().trim().into();
    if id.is_empty() {
        return ("error-message", "message", "projectId required".to_owned());
    }
    socket.io().to(socket.id().as_str()).sockets_join(&format!("project:{id}"));
    ("joined", "projectId", id)
}
