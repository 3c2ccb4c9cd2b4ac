//! Refusals as the client gets them, in the codes of the protocol, and as the log gets them, in words.

use super::peer::Peer;
use super::refusal::Refusal;
use super::request::{MAX_HEAD_BYTES, MAX_HEADERS, Request};
use crate::config::Config;
use crate::observer::preview;

/// The answer to a refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing: the stream ends.
    Silence,
    /// The status alone: a page may be able to read it, and must not learn who answers.
    Bare(&'static str),
    /// That the client may not ask. A page cannot tell it from a port on which nobody listens.
    Forbidden,
    /// What is wrong, with a code of the Engine.IO protocol.
    Explained(&'static str, u8, &'static str),
}

impl Refusal {
    pub(super) fn answer(self, request: &Request) -> Answer {
        match self {
            // An EventSource is the one kind of request with which a page can tell a refusal from a port on which
            // nobody listens, even by too long an address. With too many streams, an answer would hold a descriptor for
            // longer.
            Self::HeadTooLarge | Self::TooManyStreams => Answer::Silence,
            Self::ForeignHost | Self::NoToken | Self::Navigation | Self::Origin | Self::Elsewhere | Self::Referer
                if request.wants_events =>
            {
                Answer::Silence
            }
            Self::Malformed | Self::Gone => Answer::Bare("400 Bad Request"),
            Self::HttpVersion => Answer::Bare("505 HTTP Version Not Supported"),
            Self::HeadTimeout => Answer::Bare("408 Request Timeout"),
            // A page whose domain points here can read the answer.
            Self::ForeignHost => Answer::Bare("403 Forbidden"),
            Self::NoToken | Self::Navigation | Self::Origin | Self::Elsewhere | Self::Referer => Answer::Forbidden,
            Self::NotFound => Answer::Explained("404 Not Found", 3, "There is no Socket.IO endpoint at this path"),
            Self::TransportUnknown => Answer::Explained("400 Bad Request", 0, "Transport unknown"),
            Self::SessionUnknown => Answer::Explained("400 Bad Request", 1, "Session ID unknown"),
            Self::BadHandshakeMethod => Answer::Explained("400 Bad Request", 2, "Bad handshake method"),
            Self::BadMethod | Self::SessionOver | Self::NoHandshake | Self::BinaryBody => {
                Answer::Explained("400 Bad Request", 3, "Bad request")
            }
            Self::UnsupportedVersion => Answer::Explained("400 Bad Request", 5, "Unsupported protocol version"),
            Self::WebSocketVersion => Answer::Explained("426 Upgrade Required", 3, "WebSockets are of version 13"),
            Self::BodyTimeout => Answer::Explained("408 Request Timeout", 3, "The request took too long"),
            Self::LengthRequired => Answer::Explained("411 Length Required", 3, "A body needs a Content-Length"),
            Self::TooLarge => {
                Answer::Explained("413 Content Too Large", 3, "The body is larger than the server allows")
            }
            Self::TooManyConnections | Self::Displaced => {
                Answer::Explained("503 Service Unavailable", 3, "Too many connections")
            }
            Self::NoMemory => Answer::Explained("503 Service Unavailable", 3, "The server has no memory left for that"),
        }
    }

    /// For the person who has to fix it. `None` if there is nothing to fix: the session's end has its own record, and a
    /// client that is gone was not refused.
    pub(super) fn explain(self, request: &Request, config: &Config, peer: Peer) -> Option<String> {
        Some(match self {
            Self::SessionOver | Self::Gone => return None,
            Self::Malformed => "a request is malformed or ambiguous".to_owned(),
            Self::HttpVersion => "a request uses another version of HTTP than 1.1".to_owned(),
            Self::HeadTooLarge => {
                format!("the head of a request has more than {MAX_HEAD_BYTES} bytes or {MAX_HEADERS} headers")
            }
            Self::HeadTimeout | Self::BodyTimeout => {
                let time = config.handshake_timeout;
                format!("a request is still incomplete after {time:?}, which `Config::handshake_timeout` allows")
            }
            Self::TooManyStreams => {
                format!("too many open streams: `Config::max_streams` is {}", config.max_streams)
            }
            Self::TooManyConnections => {
                format!("too many clients: `Config::max_connections` is {}", config.max_connections)
            }
            Self::Displaced => format!(
                "more than {} clients opened a session and joined no namespace, so the one that waited longest went; \
                 `Config::max_waiting` says how many may",
                config.max_waiting.min(config.max_connections)
            ),
            Self::NoMemory => "the clients hold all the memory that `Config::max_memory` allows".to_owned(),
            Self::ForeignHost => foreign_host(request, peer),
            Self::NoToken => {
                "other machines can reach this address, and a request does not have the `Config::token`".to_owned()
            }
            Self::Navigation => "a browser opened the address as a page, and this server has none".to_owned(),
            Self::Origin => page(request.origin.as_deref()),
            Self::Referer => page(request.referrer()),
            Self::Elsewhere => "a browser asked from another site, for a page that does not say its origin".to_owned(),
            Self::NotFound => {
                format!("nothing is served at {}; `Config::path` is {}", preview(&request.path), config.path)
            }
            Self::TransportUnknown => format!("{} is not a transport", parameter(request, "transport")),
            Self::UnsupportedVersion => {
                format!(
                    "Engine.IO {} was requested; only 4 is served, that of Socket.IO 3 and later",
                    parameter(request, "EIO")
                )
            }
            Self::BadHandshakeMethod => format!("a session begins with GET, not with {}", preview(&request.method)),
            Self::BadMethod => format!("{} means nothing here", preview(&request.method)),
            Self::SessionUnknown => "a request names a session that is unknown or has ended".to_owned(),
            Self::NoHandshake => "a request for a WebSocket is not a valid handshake (RFC 6455, 4.2.1)".to_owned(),
            Self::WebSocketVersion => {
                format!(
                    "a WebSocket of version {} was requested; only 13 is served",
                    preview(request.websocket_version())
                )
            }
            Self::BinaryBody => "a body is application/octet-stream; packets travel as text".to_owned(),
            Self::LengthRequired => "a body has no Content-Length".to_owned(),
            Self::TooLarge => {
                format!("a body has more than {} bytes, which is `Config::max_payload`", config.max_payload)
            }
        })
    }
}

fn page(origin: Option<&str>) -> String {
    format!("a web page of {} asked; `Config::allowed_origins` can let it in", preview(origin.unwrap_or_default()))
}

fn foreign_host(request: &Request, peer: Peer) -> String {
    let ours = peer.local.map(|local| format!("; it is {local}")).unwrap_or_default();
    match request.hosts.as_slice() {
        [] => format!("a request names no Host{ours}"),
        [host] => format!("the Host `{}` is not this server's{ours}", preview(host)),
        [_, _, ..] => format!("a request names several Hosts{ours}"),
    }
}

/// A parameter as the client wrote it, or a note that it is missing.
fn parameter(request: &Request, name: &str) -> String {
    request.parameter(name).map_or_else(|| "none".to_owned(), preview)
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::request;
    use super::*;
    use crate::observer::PREVIEW_CHARACTERS;

    fn explain(refusal: Refusal, target: &str, headers: &str) -> String {
        let peer = Peer { remote: None, local: Some("127.0.0.1:7420".parse().unwrap()) };
        refusal.explain(&request(target, headers), &Config::default(), peer).unwrap()
    }

    #[test]
    fn the_words_say_what_to_mend() {
        assert_eq!(
            explain(Refusal::Origin, "/", "Origin: http://localhost:3000\r\n"),
            "a web page of http://localhost:3000 asked; `Config::allowed_origins` can let it in"
        );
        assert_eq!(
            explain(Refusal::ForeignHost, "/", "Host: evil.example:7420\r\n"),
            "the Host `evil.example:7420` is not this server's; it is 127.0.0.1:7420"
        );
        assert!(explain(Refusal::UnsupportedVersion, "/?EIO=3", "").starts_with("Engine.IO 3 was requested;"));
    }

    #[test]
    fn a_client_s_words_are_cut_and_its_secrets_left_out() {
        let long = "x".repeat(5000);
        for (refusal, target, headers) in [
            (Refusal::ForeignHost, "/", format!("Host: {long}\r\n")),
            (Refusal::Origin, "/", format!("Origin: {long}\r\n")),
            (Refusal::Referer, "/", format!("Referer: {long}\r\n")),
            (Refusal::NotFound, &*format!("/{long}"), String::new()),
            (Refusal::TransportUnknown, &*format!("/?transport={long}"), String::new()),
            (Refusal::WebSocketVersion, "/", format!("Sec-WebSocket-Version: {long}\r\n")),
        ] {
            let words = explain(refusal, target, &headers);
            assert!(words.chars().count() < PREVIEW_CHARACTERS + 100, "{words}");
        }
        let target = "/a?token=s3cret";
        let headers = "Authorization: Bearer s3cret\r\nReferer: http://page.example/?token=s3cret\r\n";
        for refusal in [Refusal::NotFound, Refusal::Referer, Refusal::TransportUnknown, Refusal::NoToken] {
            assert!(!explain(refusal, target, headers).contains("s3cret"), "{refusal:?}");
        }
    }
}
