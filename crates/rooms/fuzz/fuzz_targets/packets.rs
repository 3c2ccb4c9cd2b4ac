//! Texts as packets of both protocols: what is read, and written again, reads as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rooms::codec::{engine, socket};

fuzz_target!(|text: &str| {
    if let Ok(packet) = engine::Packet::parse(text) {
        assert_eq!(engine::Packet::parse(&packet.encode()), Ok(packet));
    }
    if let Ok(packet) = socket::Packet::parse(text) {
        let text = packet.encode();
        let again = socket::Packet::parse(&text).expect("what was written can be read");
        assert_eq!(meaning(&again), meaning(&packet));
    }
});

/// All that a packet says, in a form that can be compared.
fn meaning(packet: &socket::Packet<'_>) -> impl PartialEq + std::fmt::Debug {
    let socket::Packet { kind, attachments, namespace, id, data } = *packet;
    let head = (kind, attachments, namespace.to_owned(), id, data.map(|data| data.get().to_owned()));
    let event = packet.event().ok().map(|event| (event.name, texts(&event.arguments)));
    let ack = packet.ack().ok().map(|(id, arguments)| (id, texts(&arguments)));
    (head, event, ack, packet.has_fitting_placeholders())
}

fn texts(arguments: &[&serde_json::value::RawValue]) -> Vec<String> {
    arguments.iter().map(|argument| argument.get().to_owned()).collect()
}
