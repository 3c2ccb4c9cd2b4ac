//! What is known of the other end of a stream.

use std::net::SocketAddr;

use tokio::net::TcpStream;

/// Its addresses; both are `None` for a stream in memory.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peer {
    /// The client's address.
    pub(crate) remote: Option<SocketAddr>,
    /// The address that it connected to; if known, the `Host` header must name it.
    pub(crate) local: Option<SocketAddr>,
}

impl Peer {
    pub(crate) fn of(stream: &TcpStream) -> Self {
        Self { remote: stream.peer_addr().ok(), local: stream.local_addr().ok() }
    }

    /// Whether other machines can connect to this address.
    pub(super) fn is_open(self) -> bool {
        self.local.is_some_and(|local| !local.ip().to_canonical().is_loopback())
    }
}
