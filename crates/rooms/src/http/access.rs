//! Which requests are allowed.
//!
//! The server runs on somebody's laptop, beside a browser full of strangers' pages. Browsers send facts about a page
//! that it cannot choose: its origin, its site, and its use for the answer. None of them says where the request goes,
//! and a page's domain can be pointed at this machine, so the `Host` is checked first.

use super::host;
use super::peer::Peer;
use super::refusal::Refusal;
use super::request::Request;
use crate::config::Config;

/// Whether the request is allowed. If only this machine can connect, programs may ask for anything, and a page needs an
/// allowed origin or the token; if other machines can connect, every request needs the token.
pub(super) fn check(request: &Request, config: &Config, peer: Peer) -> Result<(), Refusal> {
    if !host_is_ours(request, peer) {
        return Err(Refusal::ForeignHost);
    }
    if has_token(request, config) {
        return Ok(());
    }
    if peer.is_open() {
        return Err(Refusal::NoToken);
    }
    // No Socket.IO client navigates. If a typed address leads elsewhere, the browser names no site.
    if request.is_navigation() {
        return Err(Refusal::Navigation);
    }
    check_page(request, config)
}

fn host_is_ours(request: &Request, peer: Peer) -> bool {
    let Some(local) = peer.local else { return true };
    matches!(request.hosts.as_slice(), [host] if host::names(host, local))
}

/// A request without any mark of a page comes from a program. Some programs name the server's own address as their
/// origin, and a page from there would be the server's own.
fn check_page(request: &Request, config: &Config) -> Result<(), Refusal> {
    let is_allowed = |origin: &str| config.allowed_origins.iter().any(|allowed| allowed == origin);
    match request.origin.as_deref() {
        Some(origin) if is_allowed(origin) => return Ok(()),
        Some(origin) if !request.is_own(origin) => return Err(Refusal::Origin),
        Some(_) | None => {}
    }
    // Images, frames and scripts have no origin, but new browsers tell their site, and old ones the page.
    if request.is_from_another_site() {
        return Err(Refusal::Elsewhere);
    }
    match request.referrer() {
        Some(origin) if !request.is_own(origin) && !is_allowed(origin) => Err(Refusal::Referer),
        Some(_) | None => Ok(()),
    }
}

fn has_token(request: &Request, config: &Config) -> bool {
    let Some(token) = &config.token else { return false };
    let bearer = request.authorization.as_deref().and_then(|value| value.strip_prefix("Bearer "));
    let mut given = request.parameter("token").into_iter().chain(bearer);
    given.any(|given| token.is(given))
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::request;
    use super::*;

    const TARGET: &str = "/socket.io/?EIO=4&transport=websocket&t=abc";

    const OURS: &str = "127.0.0.1:7420";

    fn local(address: &str) -> Peer {
        Peer { remote: None, local: Some(address.parse().unwrap()) }
    }

    /// The outcome of a request with these headers at a server that allows one page.
    fn outcome(headers: &str) -> Result<(), Refusal> {
        let config = Config { allowed_origins: vec!["https://ours.example".into()], ..Config::default() };
        check(&request(TARGET, &format!("Host: {OURS}\r\n{headers}")), &config, local(OURS))
    }

    #[test]
    fn there_has_to_be_one_host_and_it_has_to_be_ours() {
        for hosts in ["", "Host: evil.example:7420\r\n", "Host: 127.0.0.1:7420\r\nHost: 127.0.0.1:7420\r\n"] {
            let asked = check(&request(TARGET, hosts), &Config::default(), local(OURS));
            assert_eq!(asked, Err(Refusal::ForeignHost), "{hosts}");
        }
        assert_eq!(check(&request(TARGET, ""), &Config::default(), Peer::default()), Ok(()), "memory has no address");
    }

    #[test]
    fn a_program_may_ask() {
        for headers in [
            "",
            "User-Agent: curl/8\r\nAccept: */*\r\n",
            // The fetch of Node and the like.
            "Sec-Fetch-Mode: cors\r\n",
            "Sec-Fetch-Mode: websocket\r\n",
        ] {
            assert_eq!(outcome(headers), Ok(()), "{headers}");
        }
    }

    #[test]
    fn a_page_needs_to_be_allowed() {
        for (headers, expected) in [
            ("Origin: https://ours.example\r\n", Ok(())),
            (
                "Origin: https://ours.example\r\nSec-Fetch-Site: cross-site\r\nReferer: https://ours.example/\r\n",
                Ok(()),
            ),
            ("Origin: https://evil.example\r\n", Err(Refusal::Origin)),
            ("Origin: https://evil.example\r\nSec-Fetch-Site: same-origin\r\n", Err(Refusal::Origin)),
            ("Origin: https://ours.example:443\r\n", Err(Refusal::Origin)),
            ("Origin: null\r\n", Err(Refusal::Origin)),
            ("Origin: \r\n", Err(Refusal::Origin)),
        ] {
            assert_eq!(outcome(headers), expected, "{headers}");
        }
    }

    #[test]
    fn the_server_s_own_origin_is_allowed_as_python_s_client_names_it() {
        assert_eq!(outcome("Origin: http://127.0.0.1:7420\r\n"), Ok(()));
        for origin in ["http://127.0.0.1:7421", "https://127.0.0.1:7420", "http://localhost:7420"] {
            assert_eq!(outcome(&format!("Origin: {origin}\r\n")), Err(Refusal::Origin), "{origin}");
        }
    }

    #[test]
    fn another_site_is_what_the_browser_does_not_vouch_for() {
        for (site, expected) in [
            ("none", Ok(())),
            ("same-origin", Ok(())),
            ("same-site", Err(Refusal::Elsewhere)),
            ("cross-site", Err(Refusal::Elsewhere)),
            ("new-word", Err(Refusal::Elsewhere)),
            ("None", Err(Refusal::Elsewhere)),
            ("", Err(Refusal::Elsewhere)),
            ("none\r\nSec-Fetch-Site: none", Err(Refusal::Elsewhere)),
            ("cross-site\r\nOrigin: http://127.0.0.1:7420", Err(Refusal::Elsewhere)),
        ] {
            assert_eq!(outcome(&format!("Sec-Fetch-Site: {site}\r\n")), expected, "{site}");
        }
    }

    #[test]
    fn nobody_navigates() {
        let navigations =
            ["Mode: navigate", "Dest: document", "Dest: iframe", "Dest: frame", "Dest: embed", "Dest: object"];
        for header in navigations {
            for more in ["", "Sec-Fetch-Site: none\r\n", "Origin: https://ours.example\r\n"] {
                let headers = format!("Sec-Fetch-{header}\r\n{more}");
                assert_eq!(outcome(&headers), Err(Refusal::Navigation), "{headers}");
            }
        }
    }

    #[test]
    fn an_old_browser_says_which_page_it_shows() {
        for (referer, expected) in [
            ("http://127.0.0.1:7420/socket.io/", Ok(())),
            ("https://ours.example/a?b", Ok(())),
            ("https://evil.example/", Err(Refusal::Referer)),
            ("https://evil.example", Err(Refusal::Referer)),
            ("https://ours.example.evil.example/", Err(Refusal::Referer)),
            ("https://evil.example/https://ours.example/", Err(Refusal::Referer)),
            ("about:blank", Err(Refusal::Referer)),
            ("", Err(Refusal::Referer)),
        ] {
            assert_eq!(outcome(&format!("Referer: {referer}\r\n")), expected, "{referer}");
        }
    }

    #[test]
    fn a_page_with_the_token_is_let_in() {
        let config = Config { token: Some("secret".into()), ..Config::default() };
        let page = "Origin: https://page.example\r\nSec-Fetch-Site: cross-site\r\n";
        for (target, headers, expected) in [
            ("/?token=secret", page.to_owned(), Ok(())),
            ("/?token=secret", "Sec-Fetch-Mode: navigate\r\n".to_owned(), Ok(())),
            ("/", format!("{page}Authorization: Bearer secret\r\n"), Ok(())),
            ("/?token=secre", page.to_owned(), Err(Refusal::Origin)),
            ("/?token=", page.to_owned(), Err(Refusal::Origin)),
            ("/", page.to_owned(), Err(Refusal::Origin)),
        ] {
            assert_eq!(check(&request(target, &headers), &config, Peer::default()), expected, "{target} {headers}");
        }
        let asked = check(&request("/?token=", page), &Config::default(), Peer::default());
        assert_eq!(asked, Err(Refusal::Origin), "a missing token is not an empty one");
    }

    #[test]
    fn where_other_machines_come_in_everybody_needs_the_token() {
        let config = Config { token: Some("secret".into()), ..Config::default() };
        let asked = |target, host: &str| check(&request(target, host), &config, local("192.0.2.1:7420"));
        let host = "Host: 192.0.2.1:7420\r\n";
        assert_eq!(asked("/", host), Err(Refusal::NoToken));
        assert_eq!(asked("/?token=secret", host), Ok(()));
        assert_eq!(asked("/?token=secret", "Host: evil.example:7420\r\n"), Err(Refusal::ForeignHost));
    }
}
