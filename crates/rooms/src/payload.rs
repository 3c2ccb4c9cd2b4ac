//! The data that a client sent with an event, and the answer that it may have asked for.

use std::fmt;
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::arguments::Arguments;
use crate::binary;
use crate::bounded;
use crate::encode;
use crate::frames::Frames;
use crate::identity::SocketId;
use crate::memory::{Budget, Holding, Share, memory_of};
use crate::observer::Event;
use crate::shared::Shared;
use crate::socket::Socket;

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
    arguments: Arguments,
    value: OnceLock<(Value, Holding)>,
    asked: Asked,
    pool: Arc<Budget>,
}

/// Whether an answer is possible.
pub(crate) enum Asked {
    /// The client asked for one.
    Waits(PendingAck),
    /// The client did not. An answer that is given all the same is noted, because nothing else shows it.
    No { shared: Arc<Shared>, socket: SocketId },
    /// The payload is an answer itself.
    Answer,
}

impl fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waits(ack) => ack.fmt(formatter),
            Self::No { .. } => formatter.write_str("No"),
            Self::Answer => formatter.write_str("Answer"),
        }
    }
}

/// An answer that the client waits for.
#[derive(Debug)]
pub(crate) struct PendingAck {
    pub(crate) socket: Socket,
    pub(crate) id: u64,
    pub(crate) answered: OnceLock<()>,
}

impl Payload {
    /// The memory of its tree of values is counted in `pool`.
    pub(crate) fn new(mut arguments: Arguments, asked: Asked, pool: &Arc<Budget>) -> Self {
        let value = OnceLock::new();
        if let Some(read) = arguments.take_value() {
            // It is the first to be set.
            let _ = value.set(held(Some(read), pool));
        }
        Self { inner: Arc::new(Inner { arguments, value, asked, pool: Arc::clone(pool) }) }
    }

    /// The payload as a JSON value. Also available as `payload["key"]`, which is `null` if there is no such key.
    ///
    /// JSON that this type cannot hold (half of a surrogate pair, `1e400`) makes it `null` as a whole, and so does a
    /// list of more than 4,096 values, nested ones included: a tree of them takes up to sixty times the memory of its
    /// text. In an object that has more, the fields with too many are `null`. A large tree is also `null` while the
    /// clients hold all the memory that the server allows.
    ///
    /// [`Payload::parse`] reads a payload of any size into your own type, and says what is wrong with one that it
    /// cannot read. [`Payload::json`] is the text.
    pub fn value(&self) -> &Value {
        &self.inner.value.get_or_init(|| held(bounded::value(self.json()).ok(), &self.inner.pool)).0
    }

    /// The payload as the JSON text that arrived.
    pub fn json(&self) -> &str {
        self.inner.arguments.first().map_or("null", RawValue::get)
    }

    /// All arguments of the event as JSON texts: the payload, and what came after it.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.inner.arguments.each().into_iter().map(RawValue::get)
    }

    /// The bytes that came with the event. In the JSON they are replaced by placeholders, which [`Payload::parse`]
    /// resolves when it reads a [`Binary`](crate::Binary).
    pub fn attachments(&self) -> &[Bytes] {
        self.inner.arguments.attachments()
    }

    /// The payload as your own type.
    ///
    /// # Errors
    ///
    /// When the JSON does not fit the type. The message says what does not fit, and where; it can be sent back to the
    /// client.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        binary::provide(self.attachments(), || serde_json::from_str(self.json()))
    }

    /// Whether the client asked for an answer.
    pub fn wants_ack(&self) -> bool {
        matches!(self.inner.asked, Asked::Waits(_))
    }

    /// Answers the client. Returns `false`, and sends nothing, when it did not ask for an answer or has one already.
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
        match &self.inner.asked {
            Asked::Waits(ack) if ack.answered.set(()).is_ok() => {
                ack.socket.send_ack(encode(ack.socket.io().namespace().name(), ack.id))
            }
            Asked::No { shared, socket } => {
                shared.record(|| Event::Unasked { socket: socket.to_string() });
                false
            }
            Asked::Waits(_) | Asked::Answer => false,
        }
    }
}

/// A tree with the memory that it takes, or `null` if there is no memory for it.
fn held(value: Option<Value>, pool: &Arc<Budget>) -> (Value, Holding) {
    let mut holding = pool.holding(Share::Tree);
    let value = value.filter(|value| holding.fits(memory_of(value)));
    (value.unwrap_or_default(), holding)
}

struct All(Payload);

impl Serialize for All {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // It is always the whole payload, so its placeholders keep their numbers.
        binary::attach(self.0.attachments());
        self.0.inner.arguments.all().serialize(serializer)
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
            // Other attachments come first, so the placeholders count from there.
            Some(first) => {
                let value = bounded::value(self.json()).map_err(S::Error::custom)?;
                renumbered(&value, first).serialize(serializer)
            }
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

    fn new(arguments: Arguments) -> Payload {
        Payload::new(arguments, Asked::Answer, &Budget::new(0))
    }

    fn payload(json: &str) -> Payload {
        new(Arguments::new(&[&RawValue::from_string(json.to_owned()).unwrap()], Vec::new()))
    }

    #[test]
    fn a_missing_key_a_missing_payload_and_a_scalar_all_index_to_null() {
        assert!(payload(r#"{"a":1}"#)["b"].is_null());
        assert!(payload("7")["a"].is_null());
        assert!(new(Arguments::default())["a"].is_null());
    }

    /// When the clients hold everything, a share is left.
    #[test]
    fn a_tree_that_takes_much_needs_memory_and_a_small_one_does_not() {
        let small = payload(r#"{"a":[1,2,3]}"#);
        assert_eq!(small["a"][2], 3);
        let large = format!("[{}]", vec![r#"{"":0}"#; 100].join(","));
        assert!(payload(&large).value().is_null());
        let raw = RawValue::from_string(large).unwrap();
        let pool = Budget::new(1024 * 1024);
        assert!(Payload::new(Arguments::new(&[&raw], Vec::new()), Asked::Answer, &pool).value().is_array());
    }

    #[test]
    fn serialising_gives_back_the_text_that_came() {
        let json = r#"{"z":1,"a":123456789012345678901234567890,"s":"\u00e9"}"#;
        assert_eq!(serde_json::to_string(&payload(json)).unwrap(), json);
    }

    #[test]
    fn attachments_are_relayed_also_behind_others() {
        let raw = RawValue::from_string(r#"{"png":{"_placeholder":true,"num":0}}"#.to_owned()).unwrap();
        let relayed = new(Arguments::new(&[&raw], vec![Bytes::from_static(b"p")]));
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
