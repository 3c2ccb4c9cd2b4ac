//! Who may make a request.
//!
//! The server stands on somebody's laptop, beside a browser full of pages by strangers. A page cannot lie
//! about its origin, and when it makes a name of its own point at this machine (DNS rebinding), the `Host`
//! still says that name.

use std::net::SocketAddr;

use subtle::ConstantTimeEq as _;
use tokio::net::TcpStream;

use super::request::Request;
use crate::config::Config;

/// What is known of the other end of a stream.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peer {
    /// The client's address.
    pub(crate) remote: Option<SocketAddr>,
    /// The address it came to; then the `Host` header must name it.
    pub(crate) local: Option<SocketAddr>,
}

impl Peer {
    pub(crate) fn of(stream: &TcpStream) -> Self {
        Self { remote: stream.peer_addr().ok(), local: stream.local_addr().ok() }
    }
}

/// Whether the request may be made. On this machine alone, a program may ask for anything, and a page needs an
/// allowed origin or the token; where other machines can come in, everybody needs the token.
pub(super) fn is_allowed(request: &Request, config: &Config, peer: Peer) -> bool {
    let open = peer.local.is_some_and(|local| !local.ip().to_canonical().is_loopback());
    host_is_ours(request, peer) && (has_token(request, config) || (!open && origin_is_allowed(request, config)))
}

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

/// No origin means a program. Some programs name the server's own address as theirs, and a page from there
/// would be the server's own.
fn origin_is_allowed(request: &Request, config: &Config) -> bool {
    let Some(origin) = &request.origin else { return true };
    config.allowed_origins.contains(origin) || request.is_same_origin()
}

/// Compared in constant time, so that a stranger cannot find the token byte by byte.
fn has_token(request: &Request, config: &Config) -> bool {
    let Some(token) = &config.token else { return false };
    let bearer = request.authorization.as_deref().and_then(|value| value.strip_prefix("Bearer "));
    let mut given = request.parameter("token").into_iter().chain(bearer);
    given.any(|given| given.as_bytes().ct_eq(token.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::request;
    use super::*;

    const TARGET: &str = "/socket.io/?EIO=4&transport=websocket&t=abc";

    fn local(address: &str) -> Peer {
        Peer { remote: None, local: Some(address.parse().unwrap()) }
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
        let allowed = |headers: &str| is_allowed(&request(TARGET, headers), &config, Peer::default());
        assert!(allowed(""));
        assert!(allowed("Origin: https://ours.example\r\n"));
        assert!(!allowed("Origin: https://evil.example\r\n"));
        assert!(!allowed("Origin: null\r\n"));
    }

    #[test]
    fn the_server_s_own_origin_is_allowed_as_python_s_client_names_it() {
        let config = Config::default();
        let headers = |origin| format!("Host: 127.0.0.1:7420\r\nOrigin: {origin}\r\n");
        assert!(origin_is_allowed(&request(TARGET, &headers("http://127.0.0.1:7420")), &config));
        assert!(!origin_is_allowed(&request(TARGET, &headers("http://127.0.0.1:7421")), &config));
        assert!(!origin_is_allowed(&request(TARGET, &headers("https://127.0.0.1:7420")), &config));
    }

    #[test]
    fn a_page_with_the_token_is_let_in() {
        let config = Config { token: Some("secret".into()), ..Config::default() };
        let page = "Origin: https://page.example\r\n";
        for (target, headers, allowed) in [
            ("/?token=secret", page.to_owned(), true),
            ("/", format!("{page}Authorization: Bearer secret\r\n"), true),
            ("/?token=secre", page.to_owned(), false),
            ("/?token=", page.to_owned(), false),
            ("/", page.to_owned(), false),
        ] {
            assert_eq!(is_allowed(&request(target, &headers), &config, Peer::default()), allowed, "{target} {headers}");
        }
        let none = Config::default();
        assert!(!is_allowed(&request("/?token=", page), &none, Peer::default()), "no token is no empty token");
    }

    #[test]
    fn where_other_machines_come_in_everybody_needs_the_token() {
        let config = Config { token: Some("secret".into()), ..Config::default() };
        let peer = local("192.0.2.1:7420");
        let host = "Host: 192.0.2.1:7420\r\n";
        assert!(!is_allowed(&request("/", host), &config, peer));
        assert!(is_allowed(&request("/?token=secret", host), &config, peer));
        assert!(!is_allowed(&request("/?token=secret", "Host: evil.example:7420\r\n"), &config, peer));
    }
}
