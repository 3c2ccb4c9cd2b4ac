//! A chat: rooms, who is in them, and what was said last.
//!
//! `cargo run -p rooms --example chat` listens on port 3000, or on `PORT`. A client in Node, with `socket.io-client`:
//!
//! ```js
//! const socket = io("http://127.0.0.1:3000", { auth: { name: "ann" } });
//! socket.on("said", ({ room, from, text }) => console.log(`${room} ${from}: ${text}`));
//! socket.emit("enter", { room: "lobby" }, console.log); // { here: [ 'ann' ], said: [] }
//! socket.emit("say", { room: "lobby", text: "hello" });
//! ```
//!
//! | a client sends | with | then |
//! |---|---|---|
//! | `enter` | `{room}` | it is told who is here and what was said last; the others get `entered` |
//! | `say` | `{room, text}` | everybody in the room, the sender too, gets `said` |
//! | `typing` | `{room}` | the others get `typing`, unless they are busy |
//! | `leave` | `{room}` | the others get `left`, as they do when a client disconnects |

#![allow(clippy::print_stdout, reason = "it tells where it listens")]

use std::collections::{HashMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rooms::{Config, ConnectError, Io, Payload, Server, Socket};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How many earlier messages a client that enters a room is told.
const REMEMBERED: usize = 20;

/// The most characters that a name may have.
const LONGEST_NAME: usize = 32;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let io = Io::new(Config::default());
    app(&io);
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), io).await?;
    println!("listening on {}", server.address());
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    server.run(interrupted).await;
    Ok(())
}

/// Registers the handlers of the application.
pub(crate) fn app(io: &Io) {
    io.guard(|socket| name_of(socket).map(|name| socket.set_data("name", name)));
    let chat = Arc::new(Chat::default());
    io.on_connection(move |socket| {
        chat.on(&socket, "enter", |chat, socket, Room { room }| Ok(chat.enter(socket, &room)));
        chat.on(&socket, "say", Chat::say);
        chat.on(&socket, "typing", |_, socket, Room { room }| typing(socket, &room));
        chat.on(&socket, "leave", |chat, socket, Room { room }| chat.leave(socket, &room));
        let chat = Arc::clone(&chat);
        socket.on_disconnecting(move |socket, _| {
            for room in socket.rooms() {
                let _ = chat.leave(socket, &room);
            }
        });
    });
}

/// The name that a client gave in `auth`. A client without one is refused.
fn name_of(socket: &Socket) -> Result<String, ConnectError> {
    let name = socket.handshake_auth()["name"].as_str().unwrap_or_default().trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(format!("connect with auth: {{ name }}, of 1 to {LONGEST_NAME} characters").into());
    }
    Ok(name.to_owned())
}

fn typing(socket: &Socket, room: &str) -> Result<(), String> {
    check_is_in(socket, room)?;
    socket.to(room).volatile().emit("typing", json!({ "room": room, "name": socket.data("name") }));
    Ok(())
}

/// A client can name any room, but speak only in those that it is in.
fn check_is_in(socket: &Socket, room: &str) -> Result<(), String> {
    if socket.rooms().iter().any(|it| it == room) {
        Ok(())
    } else {
        Err(format!("you are not in {room}; enter it first"))
    }
}

/// The latest messages of each room that has a member.
#[derive(Default)]
struct Chat {
    said: Mutex<HashMap<String, VecDeque<Said>>>,
}

#[derive(Deserialize)]
struct Room {
    room: String,
}

#[derive(Deserialize)]
struct Say {
    room: String,
    text: String,
}

#[derive(Clone, Serialize)]
struct Said {
    room: String,
    from: Value,
    text: String,
}

impl Chat {
    /// Handles an event whose payload is a `T`; a client that asked for an answer gets the result.
    fn on<T: DeserializeOwned + 'static, A: Serialize + 'static>(
        self: &Arc<Self>,
        socket: &Socket,
        event: &str,
        handle: fn(&Self, &Socket, T) -> Result<A, String>,
    ) {
        let chat = Arc::clone(self);
        socket.on(event, move |socket, payload: &Payload| {
            let parsed = payload.parse().map_err(|error| error.to_string());
            match parsed.and_then(|payload| handle(&chat, socket, payload)) {
                Ok(answer) => payload.ack(answer),
                Err(error) => payload.ack(json!({ "error": error })),
            };
        });
    }

    fn enter(&self, socket: &Socket, room: &str) -> Value {
        socket.join(room);
        socket.to(room).emit("entered", json!({ "room": room, "name": socket.data("name") }));
        let here: Vec<_> = socket.io().fetch_sockets(room).iter().map(|socket| socket.data("name")).collect();
        let said = self.lock().get(room).cloned().unwrap_or_default();
        json!({ "here": here, "said": said })
    }

    fn say(&self, socket: &Socket, Say { room, text }: Say) -> Result<(), String> {
        check_is_in(socket, &room)?;
        let said = Said { room, from: socket.data("name"), text };
        let mut rooms = self.lock();
        let last = rooms.entry(said.room.clone()).or_default();
        last.push_back(said.clone());
        if last.len() > REMEMBERED {
            last.pop_front();
        }
        // Sent under the lock, so that all hear it in the order in which it is remembered. Sending never waits.
        socket.io().to(&said.room).emit("said", &said);
        Ok(())
    }

    fn leave(&self, socket: &Socket, room: &str) -> Result<(), String> {
        check_is_in(socket, room)?;
        socket.to(room).emit("left", json!({ "room": room, "name": socket.data("name") }));
        socket.leave(room);
        // Under the lock, so that nobody speaks between the check and the removal.
        let mut said = self.lock();
        if socket.io().fetch_sockets(room).is_empty() {
            said.remove(room);
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Said>>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
