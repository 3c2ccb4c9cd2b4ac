//! The request that opens a connection, and who may open one.
//!
//! The head is read here rather than by the WebSocket library, so that one listener can serve every
//! transport, refuse in the protocol's own words, and bound the time and size of a request.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::config::Config;
use crate::connection::Connection;
use crate::io::Core;
use crate::transport::websocket::WebSocket;

const MAX_HEAD_BYTES: usize = 8 * 1024;
const MAX_HEADERS: usize = 64;

/// What is known of the other end of a stream.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peer {
    /// The client's address.
    pub(crate) remote: Option<SocketAddr>,
    /// The address it came to; then the `Host` header must name it.
    pub(crate) local: Option<SocketAddr>,
}

/// Why a request is refused. The codes are those of the Engine.IO protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    TransportUnknown,
    SessionUnknown,
    BadHandshakeMethod,
    BadRequest,
    Forbidden,
    UnsupportedVersion,
    NotFound,
    TooManyConnections,
}

/// What of a request matters here.
#[derive(Debug, Default)]
struct Request {
    method: String,
    path: String,
    query: String,
    hosts: Vec<String>,
    origin: Option<String>,
    upgrade: Option<String>,
    key: Option<String>,
    version: Option<String>,
}

/// Serves one stream: reads the request, then hands over to the transport that it asks for.
pub(crate) async fn serve<S>(core: &Arc<Core>, mut stream: S, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Some(admission) = core.admit() else {
        return refuse(&mut stream, Refusal::TooManyConnections).await;
    };
    let head = tokio::select! {
        biased;
        head = tokio::time::timeout(core.config().handshake_timeout, read_head(&mut stream)) => head,
        () = core.closing() => return,
    };
    let Ok(Ok(Some((request, rest)))) = head else {
        return refuse(&mut stream, Refusal::BadRequest).await;
    };
    match check(&request, core.config(), peer) {
        Ok(accept_key) => {
            let response = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {accept_key}\r\n\r\n"
            );
            if stream.write_all(response.as_bytes()).await.is_ok() {
                let websocket =
                    WebSocket::server(stream, rest, core.config().max_payload, core.config().queue_bytes).await;
                let remote = peer.remote.map(|address| address.to_string());
                Connection::new(Arc::clone(core), websocket, remote).run().await;
            }
        }
        Err(refusal) => refuse(&mut stream, refusal).await,
    }
    drop(admission);
}

/// Reads up to the end of the head; `None` when it is malformed or too long. What the client sent
/// right behind it comes along.
async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> std::io::Result<Option<(Request, Vec<u8>)>> {
    let mut buffer = Vec::with_capacity(1024);
    loop {
        if stream.read_buf(&mut buffer).await? == 0 || buffer.len() > MAX_HEAD_BYTES {
            return Ok(None);
        }
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        match parsed.parse(&buffer) {
            Ok(httparse::Status::Complete(length)) => {
                let request = Request::from_head(&parsed);
                return Ok(request.map(|request| (request, buffer.split_off(length))));
            }
            Ok(httparse::Status::Partial) => {}
            Err(_) => return Ok(None),
        }
    }
}

impl Request {
    fn from_head(head: &httparse::Request<'_, '_>) -> Option<Self> {
        let (path, query) = head.path?.split_once('?').unwrap_or((head.path?, ""));
        let mut request = Request {
            method: head.method?.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Request::default()
        };
        for header in head.headers.iter() {
            let value = String::from_utf8(header.value.to_vec()).ok()?.trim().to_owned();
            match header.name.to_ascii_lowercase().as_str() {
                "host" => request.hosts.push(value),
                "origin" => request.origin = Some(value),
                "upgrade" => request.upgrade = Some(value),
                "sec-websocket-key" => request.key = Some(value),
                "sec-websocket-version" => request.version = Some(value),
                _ => {}
            }
        }
        Some(request)
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// The accept key of a WebSocket handshake that may proceed.
fn check(request: &Request, config: &Config, peer: Peer) -> Result<String, Refusal> {
    if request.path.trim_end_matches('/') != config.path.trim_end_matches('/') {
        return Err(Refusal::NotFound);
    }
    if !host_is_ours(request, peer) || !origin_is_allowed(request, config) {
        return Err(Refusal::Forbidden);
    }
    if request.parameter("transport") != Some("websocket") {
        return Err(Refusal::TransportUnknown);
    }
    if request.parameter("EIO") != Some("4") {
        return Err(Refusal::UnsupportedVersion);
    }
    // Sessions to come back to belong to polling, which there is none of.
    if request.parameter("sid").is_some() {
        return Err(Refusal::SessionUnknown);
    }
    if request.method != "GET" {
        return Err(Refusal::BadHandshakeMethod);
    }
    let upgrades = request.upgrade.as_deref().is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    match &request.key {
        Some(key) if upgrades && request.version.as_deref() == Some("13") => Ok(derive_accept_key(key.as_bytes())),
        _ => Err(Refusal::BadRequest),
    }
}

/// A page that made its own name point at this machine (DNS rebinding) still sends its own name.
fn host_is_ours(request: &Request, peer: Peer) -> bool {
    let Some(local) = peer.local else { return true };
    let [host] = request.hosts.as_slice() else { return false };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        _ => (host.as_str(), Some(80)),
    };
    // A listener for both kinds of addresses sees IPv4 inside IPv6.
    let address = local.ip().to_canonical();
    let literal = name.trim_start_matches('[').trim_end_matches(']').parse() == Ok(address);
    let loopback = address.is_loopback() && name.eq_ignore_ascii_case("localhost");
    port == Some(local.port()) && (literal || loopback)
}

/// No origin means a program. Some programs name the server's own address as theirs, and a page from
/// there would be the server's own.
fn origin_is_allowed(request: &Request, config: &Config) -> bool {
    let Some(origin) = &request.origin else { return true };
    let own = || matches!(request.hosts.as_slice(), [host] if *origin == format!("http://{host}"));
    config.allowed_origins.contains(origin) || own()
}

async fn refuse<S: AsyncWrite + Unpin>(stream: &mut S, refusal: Refusal) {
    let (status, code, message) = match refusal {
        Refusal::TransportUnknown => ("400 Bad Request", 0, "Transport unknown"),
        Refusal::SessionUnknown => ("400 Bad Request", 1, "Session ID unknown"),
        Refusal::BadHandshakeMethod => ("400 Bad Request", 2, "Bad handshake method"),
        Refusal::BadRequest => ("400 Bad Request", 3, "Bad request"),
        Refusal::Forbidden => ("403 Forbidden", 4, "Forbidden"),
        Refusal::UnsupportedVersion => ("400 Bad Request", 5, "Unsupported protocol version"),
        Refusal::NotFound => ("404 Not Found", 3, "There is no Socket.IO endpoint at this path"),
        Refusal::TooManyConnections => ("503 Service Unavailable", 3, "Too many connections"),
    };
    let body = serde_json::json!({ "code": code, "message": message }).to_string();
    let response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // A client that does not take its refusal is gone all the same.
    let _ = stream.write_all(response.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str, headers: &str) -> Request {
        let text = format!("GET {target} HTTP/1.1\r\n{headers}\r\n");
        let mut slots = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut slots);
        head.parse(text.as_bytes()).unwrap();
        Request::from_head(&head).unwrap()
    }

    const UPGRADE: &str =
        "Upgrade: WebSocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    const TARGET: &str = "/socket.io/?EIO=4&transport=websocket&t=abc";

    fn local(address: &str) -> Peer {
        Peer { remote: None, local: Some(address.parse().unwrap()) }
    }

    #[test]
    fn accepts_the_example_of_the_websocket_standard() {
        let accepted = check(&request(TARGET, UPGRADE), &Config::default(), Peer::default());
        assert_eq!(accepted.as_deref(), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    #[test]
    fn refuses_in_the_words_of_the_protocol() {
        for (target, headers, refusal) in [
            ("/other/?EIO=4&transport=websocket", UPGRADE, Refusal::NotFound),
            ("/socket.io/?EIO=4&transport=tin-cans", UPGRADE, Refusal::TransportUnknown),
            ("/socket.io/?EIO=3&transport=websocket", UPGRADE, Refusal::UnsupportedVersion),
            ("/socket.io/?EIO=4&transport=websocket&sid=bogus", UPGRADE, Refusal::SessionUnknown),
            (TARGET, "", Refusal::BadRequest),
        ] {
            assert_eq!(check(&request(target, headers), &Config::default(), Peer::default()), Err(refusal), "{target}");
        }
    }

    #[test]
    fn only_the_listener_s_own_host_is_accepted() {
        let peer = local("127.0.0.1:7420");
        for (host, ours) in [
            ("Host: 127.0.0.1:7420\r\n", true),
            ("Host: LocalHost:7420\r\n", true),
            ("Host: 127.0.0.1:7421\r\n", false),
            ("Host: evil.example:7420\r\n", false),
            ("Host: localhost\r\n", false),
            ("Host: localhost:7420\r\nHost: localhost:7420\r\n", false),
            ("", false),
        ] {
            assert_eq!(host_is_ours(&request(TARGET, host), peer), ours, "{host}");
        }
        assert!(host_is_ours(&request(TARGET, "Host: [::1]:7420\r\n"), local("[::1]:7420")));
        assert!(host_is_ours(&request(TARGET, "Host: localhost:7420\r\n"), local("[::ffff:127.0.0.1]:7420")));
    }

    #[test]
    fn a_web_page_needs_to_be_allowed_and_a_program_does_not() {
        let config = Config { allowed_origins: vec!["https://ours.example".into()], ..Config::default() };
        assert!(origin_is_allowed(&request(TARGET, ""), &config));
        assert!(origin_is_allowed(&request(TARGET, "Origin: https://ours.example\r\n"), &config));
        assert!(!origin_is_allowed(&request(TARGET, "Origin: https://evil.example\r\n"), &config));
        assert!(!origin_is_allowed(&request(TARGET, "Origin: null\r\n"), &config));
    }

    #[test]
    fn the_server_s_own_origin_is_allowed_as_python_s_client_names_it() {
        let config = Config::default();
        let headers = |origin| format!("Host: 127.0.0.1:7420\r\nOrigin: {origin}\r\n");
        assert!(origin_is_allowed(&request(TARGET, &headers("http://127.0.0.1:7420")), &config));
        assert!(!origin_is_allowed(&request(TARGET, &headers("http://127.0.0.1:7421")), &config));
        assert!(!origin_is_allowed(&request(TARGET, &headers("https://127.0.0.1:7420")), &config));
    }
}
