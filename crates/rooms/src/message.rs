//! One message, of whatever transport.

use bytes::Bytes;

/// One message of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Text: an Engine.IO packet, where that protocol is spoken.
    Text(Text),
    /// Bytes.
    Binary(Bytes),
}

impl Message {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(data) => data.len(),
        }
    }
}

/// Text that is shared when it is cloned.
pub type Text = tokio_tungstenite::tungstenite::Utf8Bytes;
