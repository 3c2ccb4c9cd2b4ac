//! How packets travel: a WebSocket, or HTTP long polling, and the change from one to the other.

use tokio::io::{AsyncRead, AsyncWrite};

pub(crate) mod carrier;
mod pieces;
pub(crate) mod polling;
mod readiness;
pub(crate) mod turn;
pub mod websocket;

pub use crate::message::{Message, Text};

/// Any duplex stream of bytes: TCP, or the memory of a simulated network.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A stream of any kind.
pub(crate) type ByteStream = Box<dyn Stream>;

/// Why a transport ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The peer sent something that the transport does not allow, or too much of it.
    #[error("the peer broke the transport's rules: {message}")]
    Protocol {
        /// The WebSocket close code that says so (RFC 6455, 7.4.1).
        code: u16,
        /// What was wrong.
        message: String,
    },
    /// The peer began a message for which there is no memory (see [`Config::max_memory`](crate::Config::max_memory)).
    #[error("there is no memory left for the message")]
    NoMemory,
    /// The stream below broke.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl TransportError {
    /// The error of the stream below, if that broke.
    pub(crate) fn io_kind(&self) -> Option<std::io::ErrorKind> {
        match self {
            Self::Io(error) => Some(error.kind()),
            Self::Protocol { .. } | Self::NoMemory => None,
        }
    }
}

/// Close codes of RFC 6455, 7.4.1, and of its registry.
pub(crate) mod close_code {
    pub(crate) const NORMAL: u16 = 1000;
    pub(crate) const GOING_AWAY: u16 = 1001;
    pub(crate) const PROTOCOL_ERROR: u16 = 1002;
    pub(crate) const INVALID_DATA: u16 = 1007;
    pub(crate) const POLICY_VIOLATION: u16 = 1008;
    pub(crate) const TOO_LARGE: u16 = 1009;
    pub(crate) const INTERNAL_ERROR: u16 = 1011;
    pub(crate) const TRY_AGAIN_LATER: u16 = 1013;
}
