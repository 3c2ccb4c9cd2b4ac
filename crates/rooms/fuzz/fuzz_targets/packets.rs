//! Texts as packets of both protocols: a packet that was read, written and read again is the same packet.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rooms::codec::{engine, socket};
use serde_json::Value;

fuzz_target!(|text: &str| {
    if let Ok(packet) = engine::Packet::parse(text) {
        assert_eq!(engine::Packet::parse(&packet.encode()), Ok(packet));
    }
    if let Ok(packet) = socket::Packet::parse(text) {
        assert_eq!(socket::Packet::attachments_of(text).ok(), Some(packet.attachments));
        let fits = packet.data.and_then(|data| serde_json::from_str(data.get()).ok());
        let fits = fits.is_some_and(|value| fit(&value, packet.attachments));
        assert_eq!(packet.has_fitting_placeholders(), fits, "as a tree of values says");
        let text = packet.encode();
        let again = socket::Packet::parse(&text).expect("what was written can be read");
        assert_eq!(meaning(&again), meaning(&packet));
    }
});

/// Whether each placeholder refers to one of the attachments.
fn fit(value: &Value, attachments: usize) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| fit(item, attachments)),
        Value::Object(object) if object.get("_placeholder") == Some(&Value::Bool(true)) => {
            object.get("num").and_then(Value::as_u64).is_some_and(|number| number < attachments as u64)
        }
        Value::Object(object) => object.values().all(|item| fit(item, attachments)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

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
