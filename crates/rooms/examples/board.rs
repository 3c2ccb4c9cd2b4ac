//! A board on which several people move notes at the same time.
//!
//! `cargo run -p rooms --example board` listens on port 3000, or on `PORT`. A client in Node, with `socket.io-client`:
//!
//! ```js
//! const socket = io("http://127.0.0.1:3000");
//! const notes = new Map();
//! socket.on("board", (board) => { notes.clear(); board.forEach((note) => notes.set(note.id, note)); });
//! socket.on("put", (note) => notes.set(note.id, note));
//! socket.on("removed", ({ id }) => notes.delete(id));
//! socket.emit("put", { id: "n1", text: "buy milk", x: 10, y: 20 }, console.log); // null, or { error }
//! socket.emit("point", { x: 11, y: 21 });
//! ```
//!
//! Three things make it one board for everybody:
//!
//! - A client that connects gets the whole board, and then each change to it, once: both are done under one lock.
//! - A client that was cut off and comes back gets the changes that it missed ([`Config::recovery`]). Only one that was
//!   away for too long gets the whole board again.
//! - A pointer's position matters only for a moment. For a client that reads slowly, a newer position replaces the one
//!   that still waits ([`OverflowPolicy::KeepLatest`]), while changes are kept.

#![allow(clippy::print_stdout, reason = "it tells where it listens")]

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rooms::{Config, Io, OverflowPolicy, Payload, Recovery, Server, Socket};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The clients that look at the board.
const ROOM: &str = "board";

const MOST_NOTES: usize = 500;

/// The most bytes that the id and the text of a note may have together.
const LONGEST_NOTE: usize = 1024;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let io = Io::new(Config { recovery: Some(Recovery::default()), ..Config::default() });
    app(&io);
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), io).await?;
    println!("listening on {}", server.address());
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    server.run(interrupted).await;
    Ok(())
}

/// Registers the handlers of the application.
pub(crate) fn app(io: &Io) {
    let board = Arc::new(Board::default());
    io.on_connection(move |socket| {
        board.on(&socket, "put", Board::put);
        board.on(&socket, "remove", Board::remove);
        socket.on("point", point);
        // A client that has come back is already in its room, and gets what it missed.
        if !socket.is_recovered() {
            board.show(&socket);
        }
    });
}

fn point(socket: &Socket, payload: &Payload) {
    let Ok(Position { x, y }) = payload.parse() else { return };
    let id = socket.id().as_str();
    let pointer = socket.to(ROOM).overflow(OverflowPolicy::KeepLatest).key(format!("pointer:{id}"));
    pointer.emit("points", json!({ "client": id, "x": x, "y": y }));
}

#[derive(Deserialize)]
struct Position {
    x: f64,
    y: f64,
}

#[derive(Clone, Deserialize, Serialize)]
struct Note {
    id: String,
    text: String,
    x: f64,
    y: f64,
}

#[derive(Deserialize, Serialize)]
struct Id {
    id: String,
}

/// The notes by their ids.
#[derive(Default)]
struct Board {
    notes: Mutex<BTreeMap<String, Note>>,
}

impl Board {
    /// Handles an event whose payload is a `T`; if the payload is wrong, a client that asked for an answer is told why.
    fn on<T: DeserializeOwned + 'static>(
        self: &Arc<Self>,
        socket: &Socket,
        event: &str,
        handle: fn(&Self, &Socket, T) -> Result<(), String>,
    ) {
        let board = Arc::clone(self);
        socket.on(event, move |socket, payload: &Payload| {
            let parsed = payload.parse().map_err(|error| error.to_string());
            let error = parsed.and_then(|payload| handle(&board, socket, payload)).err();
            payload.ack(error.map(|error| json!({ "error": error })));
        });
    }

    /// Under the lock, so that no change falls between the board that the client gets and the first change that it is
    /// told of.
    fn show(&self, socket: &Socket) {
        let notes = self.lock();
        socket.join(ROOM);
        socket.emit("board", notes.values().collect::<Vec<_>>());
    }

    fn put(&self, socket: &Socket, note: Note) -> Result<(), String> {
        if note.id.is_empty() || note.id.len() + note.text.len() > LONGEST_NOTE {
            return Err(format!("a note has an id, and with its text at most {LONGEST_NOTE} bytes"));
        }
        let mut notes = self.lock();
        if notes.len() >= MOST_NOTES && !notes.contains_key(&note.id) {
            return Err(format!("the board is full: it has {MOST_NOTES} notes"));
        }
        notes.insert(note.id.clone(), note.clone());
        // To the sender, too: all see the changes in the same order, and so the same board.
        socket.io().to(ROOM).emit("put", note);
        Ok(())
    }

    fn remove(&self, socket: &Socket, Id { id }: Id) -> Result<(), String> {
        let mut notes = self.lock();
        notes.remove(&id).ok_or_else(|| format!("there is no note {id}"))?;
        socket.io().to(ROOM).emit("removed", Id { id });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
