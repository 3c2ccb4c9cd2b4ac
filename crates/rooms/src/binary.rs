//! Bytes in payloads.
//!
//! Socket.IO sends the bytes of a payload beside its JSON, as attachments, and leaves a placeholder for each. serde
//! knows nothing of attachments, so those of the payload that is being written or read are kept in a thread-local,
//! beside the serialiser.

use std::cell::RefCell;

use bytes::Bytes;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes within a payload, in both directions. Outside a payload they serialise as a list of numbers.
///
/// ```
/// # use rooms::{Binary, Config, Io};
/// # let io = Io::new(Config::default());
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Drawing {
///     name: String,
///     png: Binary,
/// }
/// io.on_connection(|socket| {
///     socket.on("draw", |socket, payload| {
///         if let Ok(drawing) = payload.parse::<Drawing>() {
///             socket.to("viewers").emit("drawn", drawing);
///         }
///     });
/// });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Binary(pub Bytes);

/// The placeholder for an attachment, as it appears in the JSON.
#[derive(Serialize, Deserialize)]
struct Placeholder {
    #[serde(rename = "_placeholder")]
    placeholder: bool,
    num: usize,
}

thread_local! {
    /// The attachments of the payload that is being written, if there is one.
    static WRITING: RefCell<Option<Vec<Bytes>>> = const { RefCell::new(None) };
    /// The attachments of the payload that is being read.
    static READING: RefCell<Vec<Bytes>> = const { RefCell::new(Vec::new()) };
}

/// Runs `write`, and also returns the attachments of what it serialised.
pub(crate) fn collect<T>(write: impl FnOnce() -> T) -> (T, Vec<Bytes>) {
    let outer = WRITING.replace(Some(Vec::new()));
    let written = write();
    (written, WRITING.replace(outer).unwrap_or_default())
}

/// Runs `read`, in which placeholders refer to these attachments.
pub(crate) fn provide<T>(attachments: &[Bytes], read: impl FnOnce() -> T) -> T {
    if attachments.is_empty() {
        return read();
    }
    let outer = READING.replace(attachments.to_vec());
    let read = read();
    READING.replace(outer);
    read
}

/// Adds attachments to the payload that is being written; returns the number of the first. `None` if no payload is
/// being written.
pub(crate) fn attach(attachments: &[Bytes]) -> Option<usize> {
    WRITING.with_borrow_mut(|writing| {
        let writing = writing.as_mut()?;
        writing.extend_from_slice(attachments);
        Some(writing.len() - attachments.len())
    })
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match attach(std::slice::from_ref(&self.0)) {
            Some(num) => Placeholder { placeholder: true, num }.serialize(serializer),
            None => serializer.collect_seq(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Placeholder { num, .. } = Placeholder::deserialize(deserializer)
            .map_err(|_| D::Error::custom("expected bytes, which travel as a binary attachment"))?;
        let attachment = READING.with_borrow(|attachments| attachments.get(num).cloned());
        attachment.map(Self).ok_or_else(|| D::Error::custom(format!("there is no attachment {num}")))
    }
}

impl From<Vec<u8>> for Binary {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_leave_the_json_and_come_back() {
        let drawing = ("a", Binary::from(vec![1, 2]), [Binary::from(vec![3])]);
        let (json, attachments) = collect(|| serde_json::to_string(&drawing).unwrap());
        assert_eq!(json, r#"["a",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}]]"#);
        assert_eq!(attachments, [&[1, 2][..], &[3]]);
        let read: (String, Binary, [Binary; 1]) = provide(&attachments, || serde_json::from_str(&json).unwrap());
        assert_eq!((read.1, read.2), (drawing.1, drawing.2));
    }

    #[test]
    fn outside_of_a_payload_bytes_are_a_list() {
        assert_eq!(serde_json::to_string(&Binary::from(vec![1, 2])).unwrap(), "[1,2]");
    }

    #[test]
    fn a_placeholder_without_its_attachment_is_an_error() {
        let json = r#"{"_placeholder":true,"num":1}"#;
        let outcome = provide(&[Bytes::new()], || serde_json::from_str::<Binary>(json));
        assert!(outcome.unwrap_err().to_string().contains("there is no attachment 1"));
    }
}
