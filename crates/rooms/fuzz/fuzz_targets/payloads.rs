//! Bodies of long polling, sent to an application that echoes each message: the answer reads as what the application
//! was given.

#![no_main]

use std::sync::{Arc, Mutex};

use libfuzzer_sys::fuzz_target;
use rooms::transport::Message;
use rooms::{Config, Io};
use rooms_fuzz::Client;

fuzz_target!(|body: &[u8]| rooms_fuzz::run(echo(body)));

async fn echo(body: &[u8]) {
    let given = Arc::new(Mutex::new(Vec::new()));
    let io = Io::new(Config::default());
    let keep = Arc::clone(&given);
    io.on_engine_message("/engine.io/", move |client, message| {
        client.send(&message);
        keep.lock().unwrap().push(message);
    });
    let mut client = Client::open(&io, "/engine.io/").await;
    // A packet that breaks the rules ends the session, and leaves nothing to compare.
    if client.post(body).await.is_ok()
        && let Ok(messages) = client.get().await
    {
        let answers: Vec<_> = messages.into_iter().filter_map(content).collect();
        assert_eq!(answers, *given.lock().unwrap());
    }
}

/// What a packet carries, if it is a message.
fn content(packet: Message) -> Option<Message> {
    match packet {
        Message::Text(text) => text.strip_prefix('4').map(|text| Message::Text(text.into())),
        Message::Binary(_) => Some(packet),
    }
}
