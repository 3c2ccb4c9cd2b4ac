//! Why a socket is gone, and why an answer did not come: the terms for both, which the whole server shares.

use std::fmt;

/// Why a socket is gone. Prints in Socket.IO's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client left the namespace.
    ClientDisconnect,
    /// [`Socket::disconnect`](crate::Socket::disconnect) was called.
    ServerDisconnect,
    /// The connection was closed.
    TransportClose,
    /// The connection broke.
    TransportError,
    /// A heartbeat was not answered in time.
    PingTimeout,
    /// The client broke the protocol.
    ParseError,
    /// The client read too slowly and its queue overflowed, or it did not complete an event in time.
    SlowClient,
    /// The client made the server hold more than there was memory for (see
    /// [`Config::max_memory`](crate::Config::max_memory)).
    ServerFull,
    /// A handler panicked while it handled an event of this client.
    HandlerPanic,
    /// The server is stopping.
    ServerShutdown,
}

impl DisconnectReason {
    /// In Socket.IO's words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientDisconnect => "client namespace disconnect",
            Self::ServerDisconnect => "server namespace disconnect",
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::SlowClient => "slow client",
            Self::ServerFull => "server is full",
            Self::HandlerPanic => "handler panicked",
            Self::ServerShutdown => "server shutting down",
        }
    }

    /// Whether the client may come back as the same socket: neither side wanted it to go.
    pub(crate) fn is_recoverable(self) -> bool {
        matches!(
            self,
            Self::TransportClose | Self::TransportError | Self::PingTimeout | Self::SlowClient | Self::ServerFull
        )
    }
}

impl fmt::Display for DisconnectReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Why an awaited acknowledgement did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AckError {
    /// The client did not answer in time. It may still have got the event.
    #[error("the client did not acknowledge in time")]
    Timeout,
    /// The client is gone. It may still have got the event.
    #[error("the client disconnected before it acknowledged")]
    Disconnected,
    /// The event was not sent: the payload cannot be written as JSON, the client's queue is full, or the clients hold
    /// all the memory that the server allows, this one more than its share.
    #[error("the event was not sent")]
    NotSent,
}
