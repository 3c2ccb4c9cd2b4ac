//! The application that all clients meet. `javascript/server.js` is the same for the official server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rooms::{Binary, ConnectError, DisconnectReason, Io, Payload, Socket};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Time that a client has to answer a question; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// An event for a room, which is passed on unchanged.
#[derive(Deserialize)]
struct Tell {
    room: String,
}

/// Bytes within JSON.
#[derive(Deserialize, Serialize)]
struct Drawing {
    name: String,
    pixels: Binary,
}

/// Numbered events for a room.
#[derive(Deserialize)]
struct Flood {
    room: String,
    from: usize,
    count: usize,
    bytes: usize,
}

pub(crate) fn serve(io: &Io) {
    io.guard(admit);
    io.on_connection(|socket| {
        greet(&socket);
        rooms(&socket);
        echoes(&socket);
        questions(&socket);
        numbers(&socket);
        endings(&socket);
    });
    io.of_dynamic(
        |name| name.starts_with("/workspace-"),
        |workspace| {
            workspace.on_connection(|socket| {
                echoes(&socket);
                socket.on("shout", |socket, payload| {
                    socket.io().emit("shouted", payload);
                    payload.ack("shouted");
                });
            });
        },
    );
}

fn admit(socket: &Socket) -> Result<(), ConnectError> {
    if socket.handshake_auth()["token"] == "open sesame" {
        return Ok(());
    }
    Err(ConnectError::new("not authorized").with_data(json!({ "code": 401, "hint": "say the word" })))
}

/// Events that are sent before the client can know that it is let in.
fn greet(socket: &Socket) {
    for number in 0..socket.handshake_auth()["greetings"].as_u64().unwrap_or(0) {
        socket.emit("greeting", number);
    }
}

fn rooms(socket: &Socket) {
    socket.on("join", |socket, payload| {
        socket.join(payload.value().as_str().unwrap());
        payload.ack(socket.rooms());
    });
    socket.on("leave", |socket, payload| {
        socket.leave(payload.value().as_str().unwrap());
        payload.ack(socket.rooms());
    });
    socket.on("tell", |socket, payload| {
        let Tell { room } = payload.parse().unwrap();
        socket.io().to(room).emit("told", payload);
        payload.ack("told");
    });
    socket.on("tell-others", |socket, payload| {
        let Tell { room } = payload.parse().unwrap();
        socket.to(room).emit("told", payload);
        payload.ack("told");
    });
    socket.on("remember", |socket, payload| {
        socket.set_data("memory", payload.value().clone());
        payload.ack("remembered");
    });
    socket.on("who-am-i", |socket, payload| {
        payload.ack(json!({
            "id": socket.id().as_str(),
            "recovered": socket.is_recovered(),
            "rooms": socket.rooms(),
            "memory": socket.data("memory"),
            "transport": socket.transport(),
        }));
    });
}

fn echoes(socket: &Socket) {
    socket.on("echo", |socket, payload| socket.emit_arguments("echo", payload.all()));
    socket.on("echo-volatile", |socket, payload| socket.volatile().emit("echo", payload));
    socket.on("echo-ack", |_, payload| {
        payload.ack_arguments(payload.all());
    });
    socket.on("mirror", |_, payload| {
        let Drawing { name, pixels } = payload.parse().unwrap();
        let pixels = Binary::from(pixels.0.iter().rev().copied().collect::<Vec<_>>());
        payload.ack(Drawing { name, pixels });
    });
}

fn questions(socket: &Socket) {
    socket.on_async("ask-me", |socket, payload| async move {
        let question = Payload::clone(&payload);
        match socket.emit_with_ack("question", question, PATIENCE).await {
            Ok(answer) => payload.ack(answer),
            Err(error) => payload.ack(error.to_string()),
        };
    });
    socket.on("no-answer", |_, _| {});
    // A handler that takes its time.
    socket.on_async("stay", |_, payload| async move {
        let time = Duration::from_millis(payload.value().as_u64().unwrap());
        tokio::time::sleep(time).await;
        payload.ack(payload.clone());
    });
}

/// Numbers that one client counts, and numbers that it has the server count out to others.
fn numbers(socket: &Socket) {
    let counted = Arc::new(Mutex::new(Vec::<Value>::new()));
    socket.on("count", {
        let counted = Arc::clone(&counted);
        move |_, payload| {
            counted.lock().unwrap().push(payload.value().clone());
            payload.ack(payload);
        }
    });
    socket.on("counted", move |_, payload| {
        payload.ack(&*counted.lock().unwrap());
    });
    socket.on("flood", |socket, payload| {
        let Flood { room, from, count, bytes } = payload.parse().unwrap();
        for number in from..from + count {
            let padding = "x".repeat(bytes);
            socket.io().to(room.as_str()).emit("number", json!({ "number": number, "padding": padding }));
        }
        payload.ack(count);
    });
}

fn endings(socket: &Socket) {
    socket.on("cut", |socket, _| socket.disconnect_client());
    socket.on("kick", |socket, _| socket.disconnect());
    socket.on_disconnect(|socket, reason: DisconnectReason| {
        let gone = json!({ "id": socket.id().as_str(), "reason": reason.as_str() });
        socket.io().to("watchers").emit("gone", gone);
    });
}
