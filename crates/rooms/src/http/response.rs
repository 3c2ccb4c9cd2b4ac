//! The responses to requests.

use bytes::Bytes;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::refusal::Refusal;
use super::request::Request;
use super::wording::Answer;
use crate::codec::payload::Body;

/// A response with its body.
#[derive(Debug)]
pub(super) struct Response {
    status: &'static str,
    headers: &'static str,
    body: Body,
    /// The page from elsewhere that may read it.
    origin: Option<String>,
    last: bool,
}

const JSON: &str = "Content-Type: application/json\r\n";

/// What RFC 9110, 15.5.22, and RFC 6455, 4.4, require of a 426.
const OTHER_VERSION: &str = "Content-Type: application/json\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

/// For browsers: no page but our own may notice the answer, however it asked.
const UNNOTICED: &str = "Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\n";

const UNNOTICED_JSON: &str =
    "Content-Type: application/json\r\nCross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\n";

const TEXT: &str = "Content-Type: text/plain; charset=UTF-8\r\nCache-Control: no-store\r\n";

impl Response {
    pub(super) fn packets(body: Body) -> Self {
        Self { status: "200 OK", headers: TEXT, body, origin: None, last: false }
    }

    pub(super) fn ok() -> Self {
        Self::packets(Body::text("ok"))
    }

    /// The answer to a browser that asks whether a page from elsewhere may send a request.
    pub(super) fn preflight() -> Self {
        let headers = "Access-Control-Allow-Methods: GET, POST\r\n\
                       Access-Control-Allow-Headers: Authorization, Content-Type\r\n";
        Self { status: "204 No Content", headers, body: Body::default(), origin: None, last: false }
    }

    /// The last response on its stream, because the client may send more that nobody reads; `None` if it gets no
    /// answer.
    pub(super) fn refuse(refusal: Refusal, request: &Request) -> Option<Self> {
        let (status, headers, body) = match refusal.answer(request) {
            Answer::Silence => return None,
            Answer::Bare(status) => (status, UNNOTICED, Body::default()),
            Answer::Forbidden => ("403 Forbidden", UNNOTICED_JSON, error(4, "Forbidden")),
            Answer::Explained(status, code, message) => {
                let headers = if refusal == Refusal::WebSocketVersion { OTHER_VERSION } else { JSON };
                (status, headers, error(code, message))
            }
        };
        Some(Self { status, headers, body, origin: None, last: true })
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

    /// The bytes before the body.
    pub(super) fn head(&self) -> Vec<u8> {
        let allowed = match &self.origin {
            Some(origin) => format!(
                "Access-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n"
            ),
            None => String::new(),
        };
        let end = if self.last { "Connection: close\r\n" } else { "" };
        let Self { status, headers, body, .. } = self;
        let length = body.len();
        format!("HTTP/1.1 {status}\r\n{headers}{allowed}{end}Content-Length: {length}\r\n\r\n").into_bytes()
    }

    pub(super) fn into_body(self) -> Body {
        self.body
    }
}

/// An error of the Engine.IO protocol.
fn error(code: u8, message: &str) -> Body {
    Body::text(serde_json::json!({ "code": code, "message": message }).to_string())
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
    use super::super::request::tests::request;
    use super::*;

    #[test]
    fn answers_the_example_of_the_websocket_standard() {
        let response = switching_protocols("dGhlIHNhbXBsZSBub25jZQ==");
        assert!(response.ends_with(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
    }

    fn encode(response: Response) -> String {
        let mut bytes = response.head();
        response.into_body().fill(&mut bytes, usize::MAX);
        String::from_utf8(bytes).unwrap()
    }

    fn refuse(refusal: Refusal) -> String {
        let response = Response::refuse(refusal, &Request::default()).unwrap();
        encode(response)
    }

    #[test]
    fn refuses_in_the_words_of_the_protocol() {
        let response = refuse(Refusal::SessionUnknown);
        assert!(response.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{response}");
        assert!(response.ends_with("\r\n\r\n{\"code\":1,\"message\":\"Session ID unknown\"}"), "{response}");
    }

    #[test]
    fn a_page_that_may_not_ask_cannot_tell_the_answer_from_none() {
        assert_eq!(
            refuse(Refusal::Origin),
            "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\nConnection: close\r\n\
             Content-Length: 32\r\n\r\n{\"code\":4,\"message\":\"Forbidden\"}"
        );
    }

    /// Even before the client is known.
    #[test]
    fn a_page_that_can_read_the_answer_learns_nothing_of_us() {
        for refusal in [Refusal::ForeignHost, Refusal::Malformed, Refusal::HttpVersion, Refusal::HeadTimeout] {
            let response = refuse(refusal);
            let (_, rest) = response.split_once("\r\n").unwrap();
            assert_eq!(
                rest,
                "Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\nConnection: close\r\n\
                 Content-Length: 0\r\n\r\n"
            );
        }
    }

    #[test]
    fn an_event_source_that_may_not_ask_gets_no_answer() {
        let asked = request("/", "Accept: text/event-stream\r\n");
        for refusal in [Refusal::ForeignHost, Refusal::Origin, Refusal::Elsewhere, Refusal::HeadTooLarge] {
            assert!(Response::refuse(refusal, &asked).is_none(), "{refusal:?}");
        }
        assert!(Response::refuse(Refusal::NotFound, &asked).is_some(), "who may ask is told");
    }

    #[test]
    fn another_version_of_websockets_is_told_ours() {
        let response = refuse(Refusal::WebSocketVersion);
        assert!(response.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{response}");
        assert!(response.contains("\r\nSec-WebSocket-Version: 13\r\n"), "{response}");
    }

    #[test]
    fn a_page_from_elsewhere_may_read_what_it_may_ask_for() {
        let response = encode(Response::ok().allowing(Some("https://ours.example".into())));
        assert!(response.contains("\r\nAccess-Control-Allow-Origin: https://ours.example\r\n"), "{response}");
    }
}
