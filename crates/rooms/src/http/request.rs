//! Reading requests off a stream.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::response::{Refusal, Response};
use crate::config::Config;
use crate::transport::ByteStream;

const MAX_HEAD_BYTES: usize = 8 * 1024;
const MAX_HEADERS: usize = 64;

/// Enough to read most heads at once.
const USUAL_HEAD_BYTES: usize = 1024;

/// How long a client that was refused may go on sending.
const LINGER: Duration = Duration::from_millis(500);

/// What of a request matters here.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    query: String,
    pub(super) hosts: Vec<String>,
    pub(super) origin: Option<String>,
    pub(super) authorization: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) content_length: Option<usize>,
    upgrade: Option<String>,
    connection: String,
    key: Option<String>,
    version: Option<String>,
    is_http_1_1: bool,
}

impl Request {
    /// Parses a whole head; `None` while it is not all there. Gives its length as well.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Refusal> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        match head.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => Ok(Some((Self::from_head(&head)?, length))),
            Ok(httparse::Status::Partial) if bytes.len() > MAX_HEAD_BYTES => Err(Refusal::HeadTooLarge),
            Ok(httparse::Status::Partial) => Ok(None),
            Err(httparse::Error::TooManyHeaders) => Err(Refusal::HeadTooLarge),
            Err(_) => Err(Refusal::BadRequest),
        }
    }

    fn from_head(head: &httparse::Request<'_, '_>) -> Result<Self, Refusal> {
        let (Some(method), Some(target)) = (head.method, head.path) else { return Err(Refusal::BadRequest) };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            is_http_1_1: head.version == Some(1),
            ..Request::default()
        };
        for header in head.headers.iter() {
            request.add_header(header.name, header.value)?;
        }
        Ok(request)
    }

    fn add_header(&mut self, name: &str, value: &[u8]) -> Result<(), Refusal> {
        // Only what is looked at has to be text.
        let text = || std::str::from_utf8(value).map(|value| value.trim().to_owned()).map_err(|_| Refusal::BadRequest);
        let single = |field: &mut Option<String>| match field.replace(text()?) {
            None => Ok(()),
            Some(_) => Err(Refusal::BadRequest),
        };
        match name.to_ascii_lowercase().as_str() {
            "host" => self.hosts.push(text()?),
            "origin" => single(&mut self.origin)?,
            "authorization" => single(&mut self.authorization)?,
            "content-type" => single(&mut self.content_type)?,
            "content-length" => {
                let digits = text()?;
                if !digits.bytes().all(|byte| byte.is_ascii_digit()) || digits.is_empty() {
                    return Err(Refusal::BadRequest);
                }
                // More than a number can hold is more than any limit.
                let length = digits.parse().unwrap_or(usize::MAX);
                if self.content_length.replace(length).is_some() {
                    return Err(Refusal::BadRequest);
                }
            }
            "transfer-encoding" => return Err(Refusal::LengthRequired),
            "upgrade" => self.upgrade = Some(text()?),
            "connection" => self.connection = format!("{},{}", self.connection, text()?.to_ascii_lowercase()),
            "sec-websocket-key" => self.key = Some(text()?),
            "sec-websocket-version" => self.version = Some(text()?),
            _ => {}
        }
        Ok(())
    }

    /// A parameter of the query, as it was sent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The key of a WebSocket handshake, if this is a proper one (RFC 6455, 4.2.1).
    pub(super) fn websocket_key(&self) -> Option<String> {
        let upgrades = self.upgrade.as_deref().is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
        let proper = self.method == "GET"
            && upgrades
            && self.connection_says("upgrade")
            && self.version.as_deref() == Some("13")
            && self.content_length.unwrap_or(0) == 0;
        self.key.clone().filter(|_| proper)
    }

    /// The origin of a web page from elsewhere.
    pub(super) fn cross_origin(&self) -> Option<String> {
        self.origin.clone().filter(|_| !self.is_same_origin())
    }

    /// Whether the origin is the server's own address, as the client names it.
    pub(super) fn is_same_origin(&self) -> bool {
        let (Some(origin), [host]) = (&self.origin, self.hosts.as_slice()) else { return false };
        origin.strip_prefix("http://") == Some(host)
    }

    /// Whether another request may follow on the same stream.
    pub(super) fn is_persistent(&self) -> bool {
        self.is_http_1_1 && !self.connection_says("close")
    }

    fn connection_says(&self, word: &str) -> bool {
        self.connection.split(',').any(|part| part.trim() == word)
    }
}

/// A stream, and what was read of it too early.
pub(super) struct Reader {
    stream: ByteStream,
    buffer: BytesMut,
}

impl Reader {
    pub(super) fn new(stream: ByteStream) -> Self {
        Self { stream, buffer: BytesMut::new() }
    }

    /// The next head. Cancel safe.
    pub(super) async fn head(&mut self) -> Result<Request, Refusal> {
        loop {
            if !self.buffer.is_empty()
                && let Some((request, length)) = Request::parse(&self.buffer)?
            {
                let _ = self.buffer.split_to(length);
                return Ok(request);
            }
            self.buffer.reserve(USUAL_HEAD_BYTES);
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return Err(Refusal::Gone);
            }
        }
    }

    /// A body of this length. Memory grows with what comes, not with what was announced.
    pub(super) async fn body(&mut self, length: usize) -> io::Result<Bytes> {
        while self.buffer.len() < length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.split_to(length).freeze())
    }

    /// Completes when the client goes away. Cancel safe.
    pub(super) async fn gone(&mut self) {
        loop {
            // A client that sends on and on without an answer may wait.
            if self.buffer.len() > MAX_HEAD_BYTES {
                return std::future::pending().await;
            }
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
    }

    pub(super) fn is_between_requests(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Writes a response; says whether the client took it, and the stream can go on.
    pub(super) async fn write(&mut self, response: &Response, config: &Config) -> bool {
        let bytes = response.encode();
        let written = timeout(config.write_timeout, self.stream.write_all(&bytes)).await;
        let taken = matches!(written, Ok(Ok(())));
        if response.is_last() {
            self.end().await;
        }
        taken && !response.is_last()
    }

    /// What the client still sends is read for a while: unread bytes would turn the end into a reset, and the
    /// client might lose its answer.
    async fn end(&mut self) {
        let _ = self.stream.shutdown().await;
        let mut sink = [0; 1024];
        let rest = async { while matches!(self.stream.read(&mut sink).await, Ok(1..)) {} };
        let _ = timeout(LINGER, rest).await;
    }

    pub(super) fn into_parts(self) -> (ByteStream, BytesMut) {
        (self.stream, self.buffer)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn request(target: &str, headers: &str) -> Request {
        let text = format!("GET {target} HTTP/1.1\r\n{headers}\r\n");
        Request::parse(text.as_bytes()).unwrap().unwrap().0
    }

    const UPGRADE: &str = "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\
                           Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    #[test]
    fn a_proper_handshake_has_a_key() {
        assert_eq!(request("/", UPGRADE).websocket_key().as_deref(), Some("dGhlIHNhbXBsZSBub25jZQ=="));
        for missing in
            ["Upgrade: WebSocket\r\n", "Connection: keep-alive, Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n"]
        {
            assert_eq!(request("/", &UPGRADE.replace(missing, "")).websocket_key(), None, "{missing}");
        }
    }

    #[test]
    fn a_head_is_bounded_and_must_be_one() {
        let endless = format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(MAX_HEAD_BYTES));
        assert_eq!(Request::parse(endless.as_bytes()).unwrap_err(), Refusal::HeadTooLarge);
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: a\r\n".repeat(MAX_HEADERS + 1));
        assert_eq!(Request::parse(many.as_bytes()).unwrap_err(), Refusal::HeadTooLarge);
        assert_eq!(Request::parse(b"\x16\x03\x01\x02").unwrap_err(), Refusal::BadRequest);
        assert!(Request::parse(b"GET / HT").unwrap().is_none());
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for headers in [
            "Content-Length: 1\r\nContent-Length: 2\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: +1\r\n",
            "Origin: a\r\nOrigin: b\r\n",
        ] {
            let text = format!("POST / HTTP/1.1\r\n{headers}\r\n");
            assert_eq!(Request::parse(text.as_bytes()).unwrap_err(), Refusal::BadRequest, "{headers}");
        }
        let chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(Request::parse(chunked).unwrap_err(), Refusal::LengthRequired);
    }

    #[test]
    fn a_stream_goes_on_unless_somebody_says_otherwise() {
        assert!(request("/", "").is_persistent());
        assert!(!request("/", "Connection: Close\r\n").is_persistent());
    }
}
