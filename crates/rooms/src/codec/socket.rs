//! Socket.IO protocol v5: namespaces, events and acknowledgements.
//!
//! `<type>[<attachments>-][/namespace,][ack id][JSON]`, for example `2/admin,12["task-updated",{"taskId":"t1"}]`.
//! Data is kept as the JSON text that arrived, so that a relay can pass it on unchanged.

use std::fmt;

use serde_json::value::RawValue;

use super::placeholders;

/// The namespace that needs no name on the wire.
pub const ROOT: &str = "/";

/// Names that an application's event may not have: the protocol and the clients use them.
pub const RESERVED_EVENTS: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// Digits of the largest number of 64 bits.
const MAX_DIGITS: usize = 20;

/// What a packet does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Joins a namespace, or confirms that.
    Connect,
    /// Leaves a namespace.
    Disconnect,
    /// An event: a JSON array that starts with its name.
    Event,
    /// The answer to an event that carried an ack id: a JSON array.
    Ack,
    /// Refuses a [`Kind::Connect`].
    ConnectError,
    /// An event, with binary attachments to follow.
    BinaryEvent,
    /// The answer to an event, with binary attachments to follow.
    BinaryAck,
}

/// One Socket.IO packet, borrowing from the text it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// What it does.
    pub kind: Kind,
    /// How many binary messages follow; only the binary kinds have any.
    pub attachments: usize,
    /// The namespace, with its leading slash.
    pub namespace: &'a str,
    /// The number that pairs an event with its ack.
    pub id: Option<u64>,
    /// The JSON after the head, unparsed.
    pub data: Option<&'a RawValue>,
}

/// Why a text is not a Socket.IO packet. The protocol closes the connection on each of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The type is missing or unknown.
    #[error("`{0}` is not a Socket.IO packet type (0 to 6)")]
    UnknownType(String),
    /// A binary packet says first how many attachments it has.
    #[error("a binary packet starts with the number of its attachments and a dash")]
    Attachments,
    /// The ack id does not fit 64 bits.
    #[error("the ack id `{0}` is too large")]
    AckId(String),
    /// The data is not JSON.
    #[error("the data is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The data is JSON of the wrong form for this type of packet.
    #[error("{0}")]
    Data(&'static str),
}

/// An event's name and its arguments, each as JSON text.
#[derive(Debug)]
pub struct EventData<'a> {
    /// The event's name.
    pub name: String,
    /// The arguments after the name.
    pub arguments: Vec<&'a RawValue>,
}

impl<'a> Packet<'a> {
    /// Reads the data of an Engine.IO message.
    ///
    /// # Errors
    ///
    /// [`ParseError`] when the head or the JSON after it is malformed. What the data means is
    /// checked by [`Packet::event`] and its siblings.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        let (kind, rest) = split_kind(text)?;
        let (attachments, rest) = split_attachments(kind, rest)?;
        let (namespace, rest) = split_namespace(rest);
        let (id, rest) = split_id(rest)?;
        let data = if rest.is_empty() { None } else { Some(read_data(rest)?) };
        Ok(Packet { kind, attachments, namespace, id, data })
    }

    /// Writes the packet as the data of an Engine.IO message.
    pub fn encode(&self) -> String {
        let data = self.data.map_or("", RawValue::get);
        format!(
            "{}{data}",
            Head { kind: self.kind, attachments: self.attachments, namespace: self.namespace, id: self.id }
        )
    }

    /// How many attachments belong to a packet, by its beginning alone; its data is not read.
    ///
    /// # Errors
    ///
    /// [`ParseError`] when its beginning is not that of a packet.
    pub fn attachments_of(text: &str) -> Result<usize, ParseError> {
        let (kind, rest) = split_kind(text)?;
        split_attachments(kind, rest).map(|(attachments, _)| attachments)
    }

    /// Whether every placeholder in the data refers to one of the attachments.
    pub fn has_fitting_placeholders(&self) -> bool {
        self.data.is_some_and(|data| placeholders::fit(data, self.attachments))
    }

    /// The event's name and arguments.
    ///
    /// # Errors
    ///
    /// [`ParseError::Data`] unless the data is an array that starts with a name which is not one of
    /// [`RESERVED_EVENTS`].
    pub fn event(&self) -> Result<EventData<'a>, ParseError> {
        const FORM: ParseError = ParseError::Data("an event is a JSON array that starts with its name");
        let data = self.data.ok_or(FORM)?;
        let mut items: Vec<&RawValue> = serde_json::from_str(data.get()).map_err(|_| FORM)?;
        if items.is_empty() {
            return Err(FORM);
        }
        let name = event_name(items.remove(0)).ok_or(FORM)?;
        if RESERVED_EVENTS.contains(&name.as_str()) {
            return Err(ParseError::Data("the event has a reserved name"));
        }
        Ok(EventData { name, arguments: items })
    }

    /// An ack's id and arguments.
    ///
    /// # Errors
    ///
    /// [`ParseError::Data`] unless there is an id and the data is an array.
    pub fn ack(&self) -> Result<(u64, Vec<&'a RawValue>), ParseError> {
        const FORM: ParseError = ParseError::Data("an ack is an id and a JSON array");
        let (Some(id), Some(data)) = (self.id, self.data) else { return Err(FORM) };
        let arguments = serde_json::from_str(data.get()).map_err(|_| FORM)?;
        Ok((id, arguments))
    }
}

/// The part of a packet before its data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) kind: Kind,
    pub(crate) attachments: usize,
    pub(crate) namespace: &'a str,
    pub(crate) id: Option<u64>,
}

impl fmt::Display for Head<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Connect => formatter.write_str("0"),
            Kind::Disconnect => formatter.write_str("1"),
            Kind::Event => formatter.write_str("2"),
            Kind::Ack => formatter.write_str("3"),
            Kind::ConnectError => formatter.write_str("4"),
            Kind::BinaryEvent => write!(formatter, "5{}-", self.attachments),
            Kind::BinaryAck => write!(formatter, "6{}-", self.attachments),
        }?;
        if self.namespace != ROOT {
            write!(formatter, "{},", self.namespace)?;
        }
        self.id.map_or(Ok(()), |id| write!(formatter, "{id}"))
    }
}

fn split_kind(text: &str) -> Result<(Kind, &str), ParseError> {
    let first = text.chars().next();
    let kind = match first {
        Some('0') => Kind::Connect,
        Some('1') => Kind::Disconnect,
        Some('2') => Kind::Event,
        Some('3') => Kind::Ack,
        Some('4') => Kind::ConnectError,
        Some('5') => Kind::BinaryEvent,
        Some('6') => Kind::BinaryAck,
        other => return Err(ParseError::UnknownType(other.map(String::from).unwrap_or_default())),
    };
    Ok((kind, &text[1..]))
}

fn split_attachments(kind: Kind, text: &str) -> Result<(usize, &str), ParseError> {
    if !matches!(kind, Kind::BinaryEvent | Kind::BinaryAck) {
        return Ok((0, text));
    }
    let (count, rest) = text.split_once('-').ok_or(ParseError::Attachments)?;
    // A longer run of digits is not a number, and need not be read to its end to know that.
    if count.len() > MAX_DIGITS || !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::Attachments);
    }
    Ok((count.parse().map_err(|_| ParseError::Attachments)?, rest))
}

/// The comma may be missing when nothing follows the namespace.
fn split_namespace(text: &str) -> (&str, &str) {
    if !text.starts_with('/') {
        return (ROOT, text);
    }
    text.split_once(',').unwrap_or((text, ""))
}

fn split_id(text: &str) -> Result<(Option<u64>, &str), ParseError> {
    let end = text.bytes().take(MAX_DIGITS + 1).take_while(u8::is_ascii_digit).count();
    if end == 0 {
        return Ok((None, text));
    }
    let (digits, rest) = text.split_at(end);
    let id = digits.parse().map_err(|_| ParseError::AckId(digits.to_owned()))?;
    Ok((Some(id), rest))
}

/// A packet cannot have a number as its data: only white space would separate it from an ack id, and white space is not
/// kept.
fn read_data(text: &str) -> Result<&RawValue, ParseError> {
    let data: &RawValue = serde_json::from_str(text)?;
    if data.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return Err(ParseError::Data("the data is a number"));
    }
    Ok(data)
}

/// A name is a string; the protocol also allows a number, which then serves as the name.
fn event_name(item: &RawValue) -> Option<String> {
    // Decided by its first character, so that a large item of another type is never turned into a value.
    match item.get().as_bytes() {
        [b'"', ..] => serde_json::from_str(item.get()).ok(),
        [b'-' | b'0'..=b'9', ..] => Some(item.get().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn reads_the_forms_that_the_protocol_document_shows() {
        let connect = Packet::parse("0/admin,{\"token\":\"123\"}").unwrap();
        assert_eq!((connect.kind, connect.namespace), (Kind::Connect, "/admin"));
        assert_eq!(connect.data.unwrap().get(), "{\"token\":\"123\"}");

        let bare = Packet::parse("0/random").unwrap();
        assert_eq!((bare.namespace, bare.data.is_none()), ("/random", true));

        let event = Packet::parse("2/admin,456[\"project:delete\",123]").unwrap();
        assert_eq!((event.namespace, event.id), ("/admin", Some(456)));
        let event = event.event().unwrap();
        assert_eq!(event.name, "project:delete");
        assert_eq!(event.arguments[0].get(), "123");

        let binary = Packet::parse("62-/admin,456[{\"_placeholder\":true,\"num\":0}]").unwrap();
        assert_eq!((binary.kind, binary.attachments, binary.id), (Kind::BinaryAck, 2, Some(456)));
        assert_eq!(binary.encode(), "62-/admin,456[{\"_placeholder\":true,\"num\":0}]");

        let ack = Packet::parse("3456[]").unwrap();
        assert_eq!(ack.ack().unwrap().0, 456);
    }

    #[test]
    fn refuses_what_the_protocol_forbids() {
        for text in ["", "9", "x", "2{", "299999999999999999999[]", "5[\"a\"]", "5-[]", "5+1-[]", "0 5", "2-5"] {
            assert!(Packet::parse(text).is_err(), "{text}");
        }
        for text in ["2", "2{}", "2[]", "2[{}]", "2[null]", "2[\"connect\"]", "2[\"disconnecting\",1]"] {
            assert!(Packet::parse(text).unwrap().event().is_err(), "{text}");
        }
        for text in ["3[]", "31", "31{}"] {
            assert!(Packet::parse(text).unwrap().ack().is_err(), "{text}");
        }
    }

    #[test]
    fn keeps_json_as_it_came() {
        let text = r#"2["e",{"z":1,"a":12345678901234567890123,"s":"\u00e9"}]"#;
        let packet = Packet::parse(text).unwrap();
        assert_eq!(packet.event().unwrap().arguments[0].get(), &text[6..text.len() - 1]);
        assert_eq!(packet.encode(), text);
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            if let Ok(packet) = Packet::parse(&text) {
                let _ = packet.event();
                let _ = packet.ack();
            }
        }

        #[test]
        fn digits_and_slashes_never_panic(text in "[0-6]?[/,0-9a-z\\[\\]\"{}-]{0,24}") {
            if let Ok(packet) = Packet::parse(&text) {
                let _ = packet.event();
                let _ = packet.ack();
            }
        }

        #[test]
        fn an_event_survives_the_round_trip(
            namespace in "/[a-z0-9-]{0,8}",
            id in proptest::option::of(any::<u64>()),
            name in "[a-z-]{1,12}x",
            value in any::<String>(),
        ) {
            let data = raw(&serde_json::to_string(&(&name, &value)).unwrap());
            let text = Packet { kind: Kind::Event, attachments: 0, namespace: &namespace, id, data: Some(&data) }.encode();
            let packet = Packet::parse(&text).unwrap();
            prop_assert_eq!((packet.kind, packet.namespace, packet.id), (Kind::Event, namespace.as_str(), id));
            let event = packet.event().unwrap();
            prop_assert_eq!(event.name, name);
            prop_assert_eq!(serde_json::from_str::<String>(event.arguments[0].get()).unwrap(), value);
        }
    }
}
