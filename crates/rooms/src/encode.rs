//! Encodes events and answers as frames, each of them once.

use std::io::Write as _;

use serde::Serialize;
use serde::ser::Error as _;
use serde_json::Value;

use crate::binary;
use crate::codec::socket::{Head, Kind};
use crate::frames::Frames;

/// What an event carries in addition to its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Nothing,
    /// The client is to answer with this number.
    Ack(u64),
    /// A place for an offset, by which a client can tell what it has heard (see `recovery`).
    Offset,
}

impl Mark {
    fn ack_id(self) -> Option<u64> {
        if let Self::Ack(id) = self { Some(id) } else { None }
    }
}

/// An event with this payload, or without one if it is `()`.
///
/// # Errors
///
/// When the payload cannot be written as JSON.
pub(crate) fn event(namespace: &str, name: &str, payload: &impl Serialize, mark: Mark) -> serde_json::Result<Frames> {
    frames((Kind::Event, Kind::BinaryEvent), namespace, mark.ack_id(), |list| {
        list.item(name)?;
        list.argument(payload)?;
        list.mark(mark)
    })
}

/// The answer to an event.
///
/// # Errors
///
/// When the answer cannot be written as JSON.
pub(crate) fn ack(namespace: &str, id: u64, answer: &impl Serialize) -> serde_json::Result<Frames> {
    frames((Kind::Ack, Kind::BinaryAck), namespace, Some(id), |list| list.argument(answer))
}

/// An event with a list of arguments.
///
/// # Errors
///
/// When they are not a list that JSON can hold.
pub(crate) fn event_with_arguments(
    namespace: &str,
    name: &str,
    arguments: &impl Serialize,
    mark: Mark,
) -> serde_json::Result<Frames> {
    frames((Kind::Event, Kind::BinaryEvent), namespace, mark.ack_id(), |list| {
        list.item(name)?;
        list.items(arguments)?;
        list.mark(mark)
    })
}

/// The answer to an event with a list of arguments.
///
/// # Errors
///
/// As with [`event_with_arguments`].
pub(crate) fn ack_with_arguments(namespace: &str, id: u64, arguments: &impl Serialize) -> serde_json::Result<Frames> {
    frames((Kind::Ack, Kind::BinaryAck), namespace, Some(id), |list| list.items(arguments))
}

/// A JSON list that is being written.
struct List<'a> {
    bytes: &'a mut Vec<u8>,
    is_empty: bool,
}

impl List<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> serde_json::Result<()> {
        self.separate();
        serde_json::to_writer(&mut *self.bytes, item)
    }

    /// No argument is sent for a payload that carries nothing.
    fn argument(&mut self, payload: &impl Serialize) -> serde_json::Result<()> {
        if is_nothing(payload) { Ok(()) } else { self.item(payload) }
    }

    /// The items of another list. They are copied as JSON text, without a tree of values, because there may be many.
    fn items(&mut self, list: &impl Serialize) -> serde_json::Result<()> {
        let text = serde_json::to_vec(list)?;
        let [b'[', items @ .., b']'] = text.as_slice() else {
            return Err(serde_json::Error::custom("the arguments are not a list"));
        };
        // A client's own list is relayed as it came, white space and all.
        let items = items.trim_ascii();
        if !items.is_empty() {
            self.separate();
            self.bytes.extend_from_slice(items);
        }
        Ok(())
    }

    fn mark(&mut self, mark: Mark) -> serde_json::Result<()> {
        if mark == Mark::Offset { self.item(Frames::NO_OFFSET) } else { Ok(()) }
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_empty) {
            self.bytes.push(b',');
        }
    }
}

/// A packet of the protocol itself.
pub(crate) fn packet(kind: Kind, namespace: &str, data: Option<&Value>) -> Frames {
    let data = data.map(Value::to_string).unwrap_or_default();
    Frames::text(&format!("4{}{data}", Head { kind, attachments: 0, namespace, id: None }))
}

/// If the data has attachments, the kind is the second of the two. Their number is known only at the end, so the head
/// of these rare packets is written after the data.
fn frames(
    (kind, binary_kind): (Kind, Kind),
    namespace: &str,
    id: Option<u64>,
    fill: impl Fn(&mut List<'_>) -> serde_json::Result<()>,
) -> serde_json::Result<Frames> {
    let write = |bytes: &mut Vec<u8>, kind, attachments| {
        write!(bytes, "4{}[", Head { kind, attachments, namespace, id }).map_err(serde_json::Error::io)?;
        fill(&mut List { bytes, is_empty: true })?;
        bytes.push(b']');
        Ok(())
    };
    let (plain, attachments) = binary::collect(|| Frames::build(|bytes| write(bytes, kind, 0), &[]));
    if attachments.is_empty() {
        return plain;
    }
    let write = |bytes: &mut Vec<u8>| binary::collect(|| write(bytes, binary_kind, attachments.len())).0;
    Frames::build(write, &attachments)
}

/// Whether a payload is `()` or the like: it carries nothing, so no argument is sent for it.
fn is_nothing(payload: &impl Serialize) -> bool {
    size_of_val(payload) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    /// Clients may write a list with white space anywhere.
    #[test]
    fn a_relayed_list_is_a_list_also_where_it_has_blanks() {
        for (list, expected) in [("[ ]", r#"["e"]"#), ("[\n1 , 2 ]", r#"["e",1 , 2]"#), ("[]", r#"["e"]"#)] {
            let list = RawValue::from_string(list.to_owned()).unwrap();
            let frames = event_with_arguments("/", "e", &list, Mark::Nothing).unwrap();
            let text = frames.into_bytes();
            assert!(text.ends_with(format!("42{expected}").as_bytes()), "{text:?}");
        }
        assert!(event_with_arguments("/", "e", &"[1]", Mark::Nothing).is_err(), "a text is not a list");
    }
}
