//! Where a client gets its byte stream.

use std::fmt;
use std::io;
use std::num::NonZeroU32;

use rooms::Io;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::http::Uri;

/// Bytes that may be in flight in each direction of a simulated connection, unless it is said. A small buffer makes
/// backpressure arrive as early as it would on a slow network.
const BUFFER: usize = 16 * 1024;

/// Any byte stream.
pub trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for T {}

/// The way to a server.
#[derive(Debug, Clone)]
pub enum Network {
    /// A server in this process, over in-memory streams.
    Simulated {
        /// The server.
        io: Io,
        /// Bytes that may be in flight in each direction of a connection.
        buffer: usize,
    },
    /// A server on TCP.
    Tcp(Address),
}

/// Where a Socket.IO server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
    path: String,
}

/// A text that is not the address of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is not a URL.
    #[error("`{0}` is not a URL; write it as http://127.0.0.1:7420")]
    NotAUrl(String),
    /// It asks for TLS.
    #[error("`{0}` asks for TLS, which this client does not speak; use http:// or ws://")]
    Tls(String),
}

impl Address {
    /// Reads `http://host:port`, `ws://…` or `host:port`. A path other than `/` replaces `/socket.io/`.
    ///
    /// # Errors
    ///
    /// [`AddressError`] when there is no host, or the scheme is neither `http` nor `ws`.
    pub fn parse(url: &str) -> Result<Self, AddressError> {
        let malformed = || AddressError::NotAUrl(url.to_owned());
        let with_scheme = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let uri: Uri = with_scheme.parse().map_err(|_| malformed())?;
        match uri.scheme_str() {
            Some("http" | "ws") => {}
            Some("https" | "wss") => return Err(AddressError::Tls(url.to_owned())),
            _ => return Err(malformed()),
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(malformed)?.to_owned();
        let path = match uri.path() {
            "" | "/" => "/socket.io/".to_owned(),
            path => format!("{}/", path.trim_end_matches('/')),
        };
        Ok(Self { host, port: uri.port_u16().unwrap_or(80), path })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "http://{}:{}", self.host, self.port)
    }
}

impl Network {
    /// The way to a server in this process.
    pub fn simulated(io: Io) -> Self {
        Self::Simulated { io, buffer: BUFFER }
    }

    /// The same, with a buffer of so many bytes in each direction of a connection.
    pub(crate) fn with_buffer(io: Io, bytes: Option<NonZeroU32>) -> Self {
        let bytes = bytes.and_then(|bytes| usize::try_from(bytes.get()).ok());
        Self::Simulated { io, buffer: bytes.unwrap_or(BUFFER) }
    }

    /// Opens a stream to the server.
    ///
    /// # Errors
    ///
    /// Any error of the operating system, most often that nobody listens there.
    pub async fn open(&self) -> io::Result<Box<dyn ByteStream>> {
        match self {
            Network::Simulated { io, buffer } => {
                let (ours, theirs) = tokio::io::duplex(*buffer);
                let io = io.clone();
                tokio::spawn(async move { io.serve_stream(theirs).await });
                Ok(Box::new(ours))
            }
            Network::Tcp(address) => {
                let host = address.host.trim_start_matches('[').trim_end_matches(']');
                let stream = TcpStream::connect((host, address.port)).await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }

    /// The URL of the WebSocket request.
    pub(crate) fn websocket_url(&self) -> String {
        let (host, path) = match self {
            Network::Simulated { .. } => ("server".to_owned(), "/socket.io/"),
            Network::Tcp(address) => (format!("{}:{}", address.host, address.port), address.path.as_str()),
        };
        format!("ws://{host}{path}?EIO=4&transport=websocket")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_that_people_type() {
        for (text, url) in [
            ("http://127.0.0.1:7420", "ws://127.0.0.1:7420/socket.io/?EIO=4&transport=websocket"),
            ("localhost:3000", "ws://localhost:3000/socket.io/?EIO=4&transport=websocket"),
            ("ws://localhost/chat", "ws://localhost:80/chat/?EIO=4&transport=websocket"),
            ("http://[::1]:7420/", "ws://[::1]:7420/socket.io/?EIO=4&transport=websocket"),
        ] {
            assert_eq!(Network::Tcp(Address::parse(text).unwrap()).websocket_url(), url);
        }
    }

    #[test]
    fn says_why_other_forms_are_wrong() {
        for text in ["", "http://", "ftp://host", "not a url"] {
            assert!(matches!(Address::parse(text), Err(AddressError::NotAUrl(_))), "{text}");
        }
        assert!(matches!(Address::parse("https://host"), Err(AddressError::Tls(_))));
    }
}
