//! Events and answers to the frames that carry them, each encoded once.

use std::io::Write as _;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::binary;
use crate::codec::socket::{Head, Kind};
use crate::transport::frames::Frames;

/// What an event carries beside its arguments.
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

    fn end<S: SerializeSeq>(self, mut list: S) -> Result<S::Ok, S::Error> {
        if self == Self::Offset {
            list.serialize_element(Frames::NO_OFFSET)?;
        }
        list.end()
    }
}

/// An event. Without a payload (`()`), or with one.
///
/// # Errors
///
/// When the payload is no JSON.
pub(crate) fn event(namespace: &str, name: &str, payload: &impl Serialize, mark: Mark) -> serde_json::Result<Frames> {
    frames((Kind::Event, Kind::BinaryEvent), namespace, mark.ack_id(), &Event { name, payload, mark })
}

/// The answer to an event.
///
/// # Errors
///
/// When the answer is no JSON.
pub(crate) fn ack(namespace: &str, id: u64, answer: &impl Serialize) -> serde_json::Result<Frames> {
    let kinds = (Kind::Ack, Kind::BinaryAck);
    if is_nothing(answer) {
        frames::<[(); 0]>(kinds, namespace, Some(id), &[])
    } else {
        frames(kinds, namespace, Some(id), &[answer])
    }
}

/// An event with a list of arguments.
///
/// # Errors
///
/// When they are no list that JSON can hold.
pub(crate) fn event_with_arguments(
    namespace: &str,
    name: &str,
    arguments: &impl Serialize,
    mark: Mark,
) -> serde_json::Result<Frames> {
    frames((Kind::Event, Kind::BinaryEvent), namespace, mark.ack_id(), &EventWithArguments { name, arguments, mark })
}

/// The answer to an event with a list of arguments.
///
/// # Errors
///
/// As with [`event_with_arguments`].
pub(crate) fn ack_with_arguments(namespace: &str, id: u64, arguments: &impl Serialize) -> serde_json::Result<Frames> {
    frames((Kind::Ack, Kind::BinaryAck), namespace, Some(id), &List(arguments))
}

/// A value that has to be a list.
struct List<'a, T>(&'a T);

impl<T: Serialize> Serialize for List<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        items(self.0)?.serialize(serializer)
    }
}

/// The data of an event with at most one argument.
struct Event<'a, T> {
    name: &'a str,
    payload: &'a T,
    mark: Mark,
}

impl<T: Serialize> Serialize for Event<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(self.name)?;
        if !is_nothing(self.payload) {
            list.serialize_element(self.payload)?;
        }
        self.mark.end(list)
    }
}

/// The data of an event with any number of arguments.
struct EventWithArguments<'a, T> {
    name: &'a str,
    arguments: &'a T,
    mark: Mark,
}

impl<T: Serialize> Serialize for EventWithArguments<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        list.serialize_element(self.name)?;
        items(self.arguments)?.iter().try_for_each(|item| list.serialize_element(item))?;
        self.mark.end(list)
    }
}

/// The items of a list, each as JSON text.
fn items<E: serde::ser::Error>(list: &impl Serialize) -> Result<Vec<Box<RawValue>>, E> {
    let text = serde_json::to_string(list).map_err(E::custom)?;
    serde_json::from_str(&text).map_err(|_| E::custom("the arguments are no list"))
}

/// A packet of the protocol itself.
pub(crate) fn packet(kind: Kind, namespace: &str, data: Option<&Value>) -> Frames {
    let data = data.map(Value::to_string).unwrap_or_default();
    Frames::text(&format!("4{}{data}", Head { kind, attachments: 0, namespace, id: None }))
}

/// The kind is the second where the data has attachments. How many there are is known only at its end, so the
/// head of these rare packets is written when the data is there.
fn frames<T: Serialize>(
    (kind, binary_kind): (Kind, Kind),
    namespace: &str,
    id: Option<u64>,
    data: &T,
) -> serde_json::Result<Frames> {
    let head = Head { kind, attachments: 0, namespace, id };
    let write = |bytes: &mut Vec<u8>| {
        write!(bytes, "4{head}").map_err(serde_json::Error::io)?;
        serde_json::to_writer(bytes, data)
    };
    let (plain, attachments) = binary::collect(|| Frames::build(write, &[]));
    if attachments.is_empty() {
        return plain;
    }
    let head = Head { kind: binary_kind, attachments: attachments.len(), namespace, id };
    let write = |bytes: &mut Vec<u8>| {
        write!(bytes, "4{head}").map_err(serde_json::Error::io)?;
        binary::collect(|| serde_json::to_writer(bytes, data)).0
    };
    Frames::build(write, &attachments)
}

/// Whether a payload is `()` or alike: it carries nothing, so it is sent as no argument at all.
fn is_nothing(payload: &impl Serialize) -> bool {
    size_of_val(payload) == 0
}
