//! A packet of a client, read: its JSON is valid, and takes little more memory than its text.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::arguments::Arguments;
use crate::codec::socket::{Kind, Packet, ParseError, ROOT};

/// A text of more bytes is read in a thread outside the runtime, so that other clients need not wait.
pub(crate) const LARGE: usize = 64 * 1024;

/// A packet with its attachments.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) namespace: Cow<'static, str>,
    pub(crate) content: Content,
    /// Its size in bytes: the text and the attachments.
    pub(crate) bytes: usize,
    /// Roughly the memory that it takes, in bytes.
    pub(crate) memory: usize,
}

/// The packets that a client may send.
#[derive(Debug)]
pub(crate) enum Content {
    /// With the client's `auth`.
    Connect(Option<Box<RawValue>>),
    Disconnect,
    Event {
        name: String,
        id: Option<u64>,
        arguments: Arguments,
    },
    Ack {
        id: u64,
        arguments: Arguments,
    },
}

impl Content {
    fn memory_beside_text(&self) -> usize {
        match self {
            Self::Connect(_) | Self::Disconnect => 0,
            Self::Event { arguments, .. } | Self::Ack { arguments, .. } => arguments.memory_beside_text(),
        }
    }
}

impl Incoming {
    /// Reads a packet.
    ///
    /// # Errors
    ///
    /// When it breaks the rules of the protocol, among them that every placeholder stands for an attachment.
    pub(crate) fn read(text: &str, attachments: Vec<Bytes>) -> Result<Self, ParseError> {
        let packet = Packet::parse(text)?;
        if packet.attachments > 0 && !packet.has_fitting_placeholders() {
            return Err(ParseError::Attachments);
        }
        let bytes = size(text, &attachments);
        let content = match packet.kind {
            Kind::Connect => Content::Connect(packet.data.map(ToOwned::to_owned)),
            Kind::Disconnect if packet.data.is_some() => return Err(ParseError::Data("a disconnect has no data")),
            Kind::Disconnect => Content::Disconnect,
            Kind::Event | Kind::BinaryEvent => {
                let event = packet.event()?;
                let arguments = Arguments::new(&event.arguments, attachments);
                // The application will read it, and a large one must not be parsed in a thread of the runtime.
                let arguments = if text.len() > LARGE { arguments.with_value() } else { arguments };
                Content::Event { name: event.name, id: packet.id, arguments }
            }
            Kind::Ack | Kind::BinaryAck => {
                let (id, arguments) = packet.ack()?;
                Content::Ack { id, arguments: Arguments::new(&arguments, attachments) }
            }
            Kind::ConnectError => return Err(ParseError::Data("a client refuses nobody")),
        };
        let namespace = if packet.namespace == ROOT { ROOT.into() } else { packet.namespace.to_owned().into() };
        let memory = bytes + content.memory_beside_text();
        Ok(Self { namespace, content, bytes, memory })
    }
}

/// Bytes of the text and the attachments.
pub(crate) fn size(text: &str, attachments: &[Bytes]) -> usize {
    text.len() + attachments.iter().map(Bytes::len).sum::<usize>()
}

/// Reads large texts, one at a time: several threads would take the runtime's processor from it.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    turn: Arc<Semaphore>,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)) }
    }

    /// As [`Incoming::read`]; `None` when it breaks the rules.
    pub(crate) async fn read(self, text: String, attachments: Vec<Bytes>) -> Option<Incoming> {
        let turn = self.turn.acquire_owned().await.ok()?;
        let reading = spawn_blocking(move || {
            let incoming = Incoming::read(&text, attachments).ok();
            drop((text, turn));
            incoming
        });
        reading.await.ok()?
    }
}
