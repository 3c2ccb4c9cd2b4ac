//! What requests are answered.

use bytes::Bytes;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Why a request is refused. The codes are those of the Engine.IO protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    TransportUnknown,
    SessionUnknown,
    BadHandshakeMethod,
    BadRequest,
    Forbidden,
    UnsupportedVersion,
    NotFound,
    Timeout,
    LengthRequired,
    TooLarge,
    HeadTooLarge,
    TooManyConnections,
    /// The client went away before its request was complete.
    Gone,
}

impl Refusal {
    fn describe(self) -> (&'static str, u8, &'static str) {
        match self {
            Self::TransportUnknown => ("400 Bad Request", 0, "Transport unknown"),
            Self::SessionUnknown => ("400 Bad Request", 1, "Session ID unknown"),
            Self::BadHandshakeMethod => ("400 Bad Request", 2, "Bad handshake method"),
            Self::BadRequest | Self::Gone => ("400 Bad Request", 3, "Bad request"),
            Self::Forbidden => ("403 Forbidden", 4, "Forbidden"),
            Self::UnsupportedVersion => ("400 Bad Request", 5, "Unsupported protocol version"),
            Self::NotFound => ("404 Not Found", 3, "There is no Socket.IO endpoint at this path"),
            Self::Timeout => ("408 Request Timeout", 3, "The request took too long"),
            Self::LengthRequired => ("411 Length Required", 3, "A body needs a Content-Length"),
            Self::TooLarge => ("413 Content Too Large", 3, "The body is larger than the server allows"),
            Self::HeadTooLarge => ("431 Request Header Fields Too Large", 3, "The request's head is too large"),
            Self::TooManyConnections => ("503 Service Unavailable", 3, "Too many connections"),
        }
    }
}

/// A response with its body.
#[derive(Debug)]
pub(super) struct Response {
    status: &'static str,
    headers: &'static str,
    body: Vec<u8>,
    /// The page from elsewhere that may read it.
    origin: Option<String>,
    last: bool,
}

const TEXT: &str = "Content-Type: text/plain; charset=UTF-8\r\nCache-Control: no-store\r\n";

impl Response {
    pub(super) fn packets(body: Vec<u8>) -> Self {
        Self { status: "200 OK", headers: TEXT, body, origin: None, last: false }
    }

    pub(super) fn ok() -> Self {
        Self::packets(b"ok".to_vec())
    }

    /// What a browser asks before it lets a page from elsewhere send a request.
    pub(super) fn preflight() -> Self {
        let headers = "Access-Control-Allow-Methods: GET, POST\r\n\
                       Access-Control-Allow-Headers: Authorization, Content-Type\r\n";
        Self { status: "204 No Content", headers, body: Vec::new(), origin: None, last: false }
    }

    /// The last response on its stream, as the client may have more to send that nobody reads.
    pub(super) fn refuse(refusal: Refusal) -> Self {
        let (status, code, message) = refusal.describe();
        let body = serde_json::json!({ "code": code, "message": message }).to_string().into_bytes();
        Self { status, headers: "Content-Type: application/json\r\n", body, origin: None, last: true }
    }

    /// Lets the page of this origin read it.
    pub(super) fn allowing(mut self, origin: Option<String>) -> Self {
        self.origin = origin;
        self
    }

    /// Makes it the last one on its stream, and says so: the client must not use the stream again.
    pub(super) fn closing(mut self) -> Self {
        self.last = true;
        self
    }

    pub(super) fn is_last(&self) -> bool {
        self.last
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let allowed = match &self.origin {
            Some(origin) => format!(
                "Access-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n"
            ),
            None => String::new(),
        };
        let end = if self.last { "Connection: close\r\n" } else { "" };
        let Self { status, headers, body, .. } = self;
        let length = body.len();
        let mut bytes =
            format!("HTTP/1.1 {status}\r\n{headers}{allowed}{end}Content-Length: {length}\r\n\r\n").into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }
}

/// The answer to a WebSocket handshake (RFC 6455, 4.2.2).
pub(super) fn switching_protocols(key: &str) -> Bytes {
    let accept = derive_accept_key(key.as_bytes());
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    response.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_the_example_of_the_websocket_standard() {
        let response = switching_protocols("dGhlIHNhbXBsZSBub25jZQ==");
        assert!(response.ends_with(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
    }

    #[test]
    fn refuses_in_the_words_of_the_protocol() {
        let response = String::from_utf8(Response::refuse(Refusal::SessionUnknown).encode()).unwrap();
        assert!(response.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{response}");
        assert!(response.ends_with("\r\n\r\n{\"code\":1,\"message\":\"Session ID unknown\"}"), "{response}");
    }

    #[test]
    fn a_page_from_elsewhere_may_read_what_it_may_ask_for() {
        let response = Response::ok().allowing(Some("https://ours.example".into())).encode();
        let response = String::from_utf8(response).unwrap();
        assert!(response.contains("\r\nAccess-Control-Allow-Origin: https://ours.example\r\n"), "{response}");
    }
}
