//! Bodies of long polling that carry Socket.IO, sent to an application that echoes or acknowledges each event with all
//! its arguments: the answer reads as what the application was given, attachments included.

#![no_main]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rooms::codec::payload::Packets;
use rooms::codec::{engine, socket};
use rooms::transport::Message;
use rooms::{Config, Io};
use rooms_fuzz::Client;

fuzz_target!(|body: &[u8]| rooms_fuzz::run(relay(body)));

/// The content of an event or an answer: the arguments as JSON texts, and the attachments.
#[derive(Debug, PartialEq)]
struct Content {
    arguments: Vec<String>,
    attachments: Vec<Bytes>,
}

async fn relay(body: &[u8]) {
    let given = Arc::new(Mutex::new(Vec::new()));
    let io = Io::new(Config::default());
    let kept = Arc::clone(&given);
    io.on_connection(move |socket| {
        let keep = Arc::clone(&kept);
        socket.on("e", move |socket, payload| {
            keep.lock().unwrap().push(Content {
                arguments: payload.arguments().map(str::to_owned).collect(),
                attachments: payload.attachments().to_vec(),
            });
            if !payload.ack_arguments(payload.all()) {
                socket.emit_arguments("e", payload.all());
            }
        });
    });
    let mut client = Client::open(&io, "/socket.io/").await;
    client.post(b"40").await.expect("a client may connect");
    client.get().await.expect("and is let in");
    // A packet that breaks the rules ends the session, and leaves nothing to compare.
    if client.post(body).await.is_ok()
        && let Ok(messages) = client.get().await
    {
        let given = given.lock().unwrap();
        assert_eq!(contents(&messages), *given);
        // Events of other names have attachments too, so the body may have more.
        let mut sent = Packets::new(Bytes::copy_from_slice(body)).flatten();
        let mut was_sent = |attachment: &Bytes| sent.any(|message| message == Message::Binary(attachment.clone()));
        assert!(given.iter().flat_map(|content| &content.attachments).all(&mut was_sent), "in the order of the body");
    }
}

fn contents(messages: &[Message]) -> Vec<Content> {
    let mut contents: Vec<Content> = Vec::new();
    for message in messages {
        match message {
            Message::Text(text) => contents.extend(content(text)),
            Message::Binary(attachment) => {
                contents.last_mut().expect("an attachment follows its packet").attachments.push(attachment.clone());
            }
        }
    }
    contents
}

/// The content of an event or an answer; `None` for other packets.
fn content(text: &str) -> Option<Content> {
    let engine::Packet::Message(text) = engine::Packet::parse(text).expect("the server writes packets") else {
        return None;
    };
    let packet = socket::Packet::parse(text).expect("the server writes packets");
    let arguments = match packet.kind {
        socket::Kind::Event | socket::Kind::BinaryEvent => packet.event().expect("it has a name").arguments,
        socket::Kind::Ack | socket::Kind::BinaryAck => packet.ack().expect("it has an id").1,
        socket::Kind::Connect | socket::Kind::Disconnect | socket::Kind::ConnectError => return None,
    };
    let arguments = arguments.into_iter().map(|argument| argument.get().to_owned()).collect();
    Some(Content { arguments, attachments: Vec::new() })
}
