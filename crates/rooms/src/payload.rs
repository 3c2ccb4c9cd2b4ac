//! What a client sent with an event, and the answer it may have asked for.

use std::ops::Index;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::binary;
use crate::encode;
use crate::socket::Socket;
use crate::transport::frames::Frames;

static NULL: Value = Value::Null;

/// The first argument of an event; cheap to clone.
///
/// It serialises as the JSON text that arrived, so emitting a payload relays it unchanged: key order,
/// big numbers and all. An event without arguments has the payload `null`.
#[derive(Debug, Clone)]
pub struct Payload {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    arguments: Vec<Box<RawValue>>,
    attachments: Vec<Bytes>,
    value: OnceLock<Value>,
    ack: Option<PendingAck>,
}

/// An answer that the client waits for.
#[derive(Debug)]
pub(crate) struct PendingAck {
    pub(crate) socket: Socket,
    pub(crate) id: u64,
    pub(crate) answered: OnceLock<()>,
}

impl Payload {
    pub(crate) fn new(arguments: &[&RawValue], attachments: Vec<Bytes>, ack: Option<PendingAck>) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { inner: Arc::new(Inner { arguments, attachments, value: OnceLock::new(), ack }) }
    }

    /// The payload as a JSON value. Also reachable as `payload["key"]`, which is `null` where there is
    /// no such key.
    ///
    /// JSON that this type cannot hold (half of a surrogate pair, `1e400`) makes it `null` as a whole;
    /// [`Payload::parse`] tells why, and [`Payload::json`] has the text.
    pub fn value(&self) -> &Value {
        self.inner.value.get_or_init(|| serde_json::from_str(self.json()).unwrap_or_default())
    }

    /// The payload as the JSON text that arrived.
    pub fn json(&self) -> &str {
        self.inner.arguments.first().map_or("null", |argument| argument.get())
    }

    /// All arguments of the event as JSON texts: the payload, and what came after it.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.inner.arguments.iter().map(|argument| argument.get())
    }

    /// The bytes that came with the event. Their places in the JSON are taken by placeholders, which
    /// [`Payload::parse`] resolves where it reads a [`Binary`](crate::Binary).
    pub fn attachments(&self) -> &[Bytes] {
        &self.inner.attachments
    }

    /// The payload as a type of yours.
    ///
    /// # Errors
    ///
    /// What does not fit, and where, in words that can be sent back to the client.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        binary::provide(self.attachments(), || serde_json::from_str(self.json()))
    }

    /// Whether the client asked for an answer.
    pub fn wants_ack(&self) -> bool {
        self.inner.ack.is_some()
    }

    /// Answers the client. Returns `false`, and sends nothing, when it asked for no answer or has one
    /// already.
    pub fn ack(&self, answer: impl Serialize) -> bool {
        self.answer(|namespace, id| encode::ack(namespace, id, &answer))
    }

    /// Answers the client with several arguments: a tuple, a list, or [`Payload::all`]. Returns `false` as
    /// [`Payload::ack`] does.
    pub fn ack_arguments(&self, arguments: impl Serialize) -> bool {
        self.answer(|namespace, id| encode::ack_with_arguments(namespace, id, &arguments))
    }

    /// All arguments of the event, to be relayed as they came.
    pub fn all(&self) -> impl Serialize {
        All(self.clone())
    }

    fn answer(&self, encode: impl FnOnce(&str, u64) -> serde_json::Result<Frames>) -> bool {
        match &self.inner.ack {
            Some(ack) if ack.answered.set(()).is_ok() => {
                ack.socket.send_ack(encode(ack.socket.io().namespace().name(), ack.id))
            }
            _ => false,
        }
    }
}

struct All(Payload);

impl Serialize for All {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // It is always the whole of what is sent, so the numbers of its placeholders stay.
        binary::attach(self.0.attachments());
        serializer.collect_seq(&self.0.inner.arguments)
    }
}

impl Index<&str> for Payload {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.value().get(key).unwrap_or(&NULL)
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(argument) = self.inner.arguments.first() else { return serializer.serialize_unit() };
        if self.attachments().is_empty() {
            return argument.serialize(serializer);
        }
        match binary::attach(self.attachments()) {
            None | Some(0) => argument.serialize(serializer),
            // Others come first, so that the placeholders count from there.
            Some(first) => renumbered(self.value(), first).serialize(serializer),
        }
    }
}

fn renumbered(value: &Value, first: usize) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| renumbered(item, first)).collect(),
        Value::Object(object) if object.get("_placeholder") == Some(&Value::Bool(true)) => {
            let num = object.get("num").and_then(Value::as_u64).unwrap_or_default() + first as u64;
            serde_json::json!({ "_placeholder": true, "num": num })
        }
        Value::Object(object) => object.iter().map(|(key, item)| (key.clone(), renumbered(item, first))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(json: &str) -> Payload {
        Payload::new(&[&RawValue::from_string(json.to_owned()).unwrap()], Vec::new(), None)
    }

    #[test]
    fn a_missing_key_a_missing_payload_and_a_scalar_all_index_to_null() {
        assert!(payload(r#"{"a":1}"#)["b"].is_null());
        assert!(payload("7")["a"].is_null());
        assert!(Payload::new(&[], Vec::new(), None)["a"].is_null());
    }

    #[test]
    fn serialising_gives_back_the_text_that_came() {
        let json = r#"{"z":1,"a":123456789012345678901234567890,"s":"\u00e9"}"#;
        assert_eq!(serde_json::to_string(&payload(json)).unwrap(), json);
    }

    #[test]
    fn attachments_are_relayed_also_behind_others() {
        let raw = RawValue::from_string(r#"{"png":{"_placeholder":true,"num":0}}"#.to_owned()).unwrap();
        let relayed = Payload::new(&[&raw], vec![Bytes::from_static(b"p")], None);
        let (json, attachments) = binary::collect(|| serde_json::to_string(&relayed).unwrap());
        assert_eq!((json.as_str(), attachments.len()), (raw.get(), 1));
        let both = (crate::Binary::from(vec![1]), &relayed);
        let (json, attachments) = binary::collect(|| serde_json::to_string(&both).unwrap());
        let expected = r#"[{"_placeholder":true,"num":0},{"png":{"_placeholder":true,"num":1}}]"#;
        assert_eq!((json.as_str(), attachments.len()), (expected, 2));
    }

    #[test]
    fn parsing_says_what_does_not_fit() {
        #[derive(Debug, serde::Deserialize)]
        struct Join {
            #[serde(rename = "projectId")]
            _project_id: String,
        }
        let error = payload(r#"{"projectId":7}"#).parse::<Join>().unwrap_err().to_string();
        assert!(error.contains("expected a string"), "{error}");
    }
}
