//! Messages just below a million bytes, each the worst of its kind.

use std::iter::repeat_n;

use crate::frame;

/// The most bytes of content, with room for a message's beginning and end.
const ROOM: usize = 999_000;
const CROWD: usize = 1000;

pub(super) struct Message {
    pub(super) name: &'static str,
    pub(super) way: Way,
    /// Clients that receive it, if it is an event.
    pub(super) members: usize,
    pub(super) bytes: Vec<u8>,
}

#[derive(Clone, Copy)]
pub(super) enum Way {
    /// The bytes are frames.
    WebSocket,
    /// The bytes are a body.
    Polling,
}

pub(super) fn all() -> Vec<Message> {
    let update = |values: &str| format!(r#"42["task-updated",{{"projectId":"p00000","taskId":{values}}}]"#);
    let objects = list(r#"{"":0}"#);
    vec![
        text(
            "objects in the payload, ms",
            &format!(r#"42["task-updated",{{"projectId":"p00000","taskId":1,"a":{objects}}}]"#),
        ),
        text("objects as the id, ms", &update(&objects)),
        text("numbers in the payload, ms", &update(&list("0"))),
        text("keys of the payload, ms", &update(&format!("1{}", repeated(r#","":0"#)))),
        text("a deep payload, ms", &update(&format!("{}{}", "[".repeat(ROOM / 2), "]".repeat(ROOM / 2)))),
        text("an escaped string, ms", &update(&format!(r#""{}""#, repeated(r"\u0041")))),
        text("a long name, ms", &format!(r#"42["{}"]"#, "n".repeat(ROOM))),
        text("many arguments, ms", &format!(r#"42["task-updated"{}]"#, repeated(",0"))),
        text("objects in the auth, ms", &format!(r#"40/bugs,{{"a":{objects}}}"#)),
        text("an answer that nobody waits for, ms", &format!("430{objects}")),
        binary("objects beside an attachment, ms", &format!(r#"451-["task-updated",{{"a":{objects}}}]"#)),
        binary("placeholders, ms", &format!(r#"451-["task-updated",{}]"#, list(r#"{"_placeholder":true,"num":0}"#))),
        frames("tiny frames, ms", "42[\"e\"]"),
        frames("tiny frames that join, ms", r#"42["join-project",{"projectId":"p00000"}]"#),
        frames("refused namespaces, ms", "40/n"),
        body("a body of noops, ms", "6"),
        body("a body of events, ms", "42[\"e\"]"),
        body("a body of refused namespaces, ms", "40/n"),
        to_a_crowd(text("a small event to a thousand clients, ms", &update("1"))),
        to_a_crowd(text(
            "a large event to a thousand clients, ms",
            &update(&format!(r#"1,"a":"{}""#, "a".repeat(ROOM - 100))),
        )),
        Message {
            name: "a body of base64, ms",
            way: Way::Polling,
            members: 0,
            bytes: format!("b{}", "A".repeat(ROOM)).into(),
        },
    ]
}

/// A list of as many of these as there is room for.
fn list(item: &str) -> String {
    format!("[{item}{}]", repeated(&format!(",{item}")))
}

fn repeated(part: &str) -> String {
    part.repeat(ROOM / part.len() - 1)
}

/// One text.
fn text(name: &'static str, text: &str) -> Message {
    let mut bytes = Vec::new();
    frame::write_masked(frame::TEXT, text.as_bytes(), &mut bytes);
    Message { name, way: Way::WebSocket, members: 0, bytes }
}

fn to_a_crowd(message: Message) -> Message {
    Message { members: CROWD, ..message }
}

/// One text, with an attachment of a byte.
fn binary(name: &'static str, json: &str) -> Message {
    let mut message = text(name, json);
    frame::write_masked(frame::BINARY, &[7], &mut message.bytes);
    message
}

/// As many frames with this text as make a megabyte.
fn frames(name: &'static str, text: &str) -> Message {
    let mut one = Vec::new();
    frame::write_masked(frame::TEXT, text.as_bytes(), &mut one);
    Message { name, way: Way::WebSocket, members: 0, bytes: one.repeat(ROOM / one.len()) }
}

/// A body of as many packets as there is room for.
fn body(name: &'static str, packet: &str) -> Message {
    let packets: Vec<&str> = repeat_n(packet, ROOM / (packet.len() + 1)).collect();
    Message { name, way: Way::Polling, members: 0, bytes: packets.join("\u{1e}").into() }
}
