//! A task says hello a moment later, through a channel.

use rooms::{Io, Socket};
use tokio::sync::mpsc;

pub fn app(io: &Io) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Socket, String)>();
    tokio::spawn(async move {
        while let Some((socket, name)) = receiver.recv().await {
            tokio::task::yield_now().await;
            socket.emit("greeting", serde_json::Map::from_iter([("text".to_owned(), format!("Hello, {name}").into())]));
        }
    });
    io.on_connection(move |socket| {
        let sender = sender.clone();
        socket.on("greet", move |socket, payload| {
            let name = payload.value().pointer("/name").and_then(|name| name.as_str()).unwrap();
            sender.send((socket.clone(), name.to_owned())).unwrap();
        });
    });
}
