//! Ways for packets to travel.
//!
//! A transport is a stream and a sink of packet texts. A connection is generic over it, so what holds
//! for one transport holds for all.

use futures_util::{Sink, Stream};

pub mod websocket;

/// The text of a packet; cloning shares it.
pub type Text = tokio_tungstenite::tungstenite::Utf8Bytes;

/// Why a transport ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The peer sent what the transport does not allow, or more than it allows.
    #[error("the peer broke the transport's rules: {0}")]
    Protocol(String),
    /// The stream below broke.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What carries packets. Implemented for every fitting stream and sink.
pub trait Transport:
    Stream<Item = Result<Text, TransportError>> + Sink<Text, Error = TransportError> + Unpin + Send
{
}

impl<T> Transport for T where
    T: Stream<Item = Result<Text, TransportError>> + Sink<Text, Error = TransportError> + Unpin + Send
{
}
