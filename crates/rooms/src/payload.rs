//! What a client sent with an event, and the answer it may have asked for.

use std::ops::Index;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

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
    arguments: Vec<Box<RawValue>>,
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
    pub(crate) fn new(arguments: &[&RawValue], ack: Option<PendingAck>) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { inner: Arc::new(Inner { arguments, value: OnceLock::new(), ack }) }
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

    /// The payload as a type of yours.
    ///
    /// # Errors
    ///
    /// What does not fit, and where, in words that can be sent back to the client.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.json())
    }

    /// Whether the client asked for an answer.
    pub fn wants_ack(&self) -> bool {
        self.inner.ack.is_some()
    }

    /// Answers the client. Returns `false`, and sends nothing, when it asked for no answer or has one
    /// already.
    pub fn ack(&self, answer: impl Serialize) -> bool {
        match &self.inner.ack {
            Some(ack) if ack.answered.set(()).is_ok() => ack.socket.send_ack(ack.id, &answer),
            _ => false,
        }
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
        match self.inner.arguments.first() {
            Some(argument) => argument.serialize(serializer),
            None => serializer.serialize_unit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(json: &str) -> Payload {
        Payload::new(&[&RawValue::from_string(json.to_owned()).unwrap()], None)
    }

    #[test]
    fn a_missing_key_a_missing_payload_and_a_scalar_all_index_to_null() {
        assert!(payload(r#"{"a":1}"#)["b"].is_null());
        assert!(payload("7")["a"].is_null());
        assert!(Payload::new(&[], None)["a"].is_null());
    }

    #[test]
    fn serialising_gives_back_the_text_that_came() {
        let json = r#"{"z":1,"a":123456789012345678901234567890,"s":"\u00e9"}"#;
        assert_eq!(serde_json::to_string(&payload(json)).unwrap(), json);
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
