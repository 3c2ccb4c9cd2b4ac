//! The head of a request, as far as it matters here.

use data_encoding::BASE64;

use super::refusal::Refusal;

pub(super) const MAX_HEAD_BYTES: usize = 8 * 1024;
pub(super) const MAX_HEADERS: usize = 64;

/// The `Sec-Fetch-Dest` values of answers that a browser shows, as a page or within one.
const PAGES: [&str; 5] = ["document", "iframe", "frame", "embed", "object"];

/// The parts of a head that matter here.
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
    /// Whether the body's length is unknown.
    pub(super) is_chunked: bool,
    /// The relation to the page that asks, in the browser's words; two values are as suspicious as an unknown one.
    sites: Vec<String>,
    is_navigation: bool,
    referer: Option<String>,
    /// Whether the answer is for an `EventSource`, of which there is none here.
    pub(super) wants_events: bool,
    upgrade: Option<String>,
    connection: String,
    key: Option<String>,
    version: Option<String>,
}

impl Request {
    /// Parses a whole head; `None` while it is not all there. Gives its length as well.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Refusal> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        match head.parse(bytes) {
            // The limit holds even if all of it came at once.
            Ok(httparse::Status::Complete(length)) if length > MAX_HEAD_BYTES => Err(Refusal::HeadTooLarge),
            Ok(httparse::Status::Complete(length)) => Ok(Some((Self::from_head(&head)?, length))),
            Ok(httparse::Status::Partial) if bytes.len() > MAX_HEAD_BYTES => Err(Refusal::HeadTooLarge),
            Ok(httparse::Status::Partial) => Ok(None),
            Err(httparse::Error::TooManyHeaders) => Err(Refusal::HeadTooLarge),
            Err(httparse::Error::Version) => Err(Refusal::HttpVersion),
            Err(_) => Err(Refusal::Malformed),
        }
    }

    fn from_head(head: &httparse::Request<'_, '_>) -> Result<Self, Refusal> {
        let (Some(method), Some(target)) = (head.method, head.path) else { return Err(Refusal::Malformed) };
        // A WebSocket needs 1.1, and no polling client speaks less.
        if head.version != Some(1) {
            return Err(Refusal::HttpVersion);
        }
        // A target that names a host could contradict the `Host` header.
        if !target.starts_with('/') {
            return Err(Refusal::Malformed);
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request =
            Request { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), ..Request::default() };
        for header in head.headers.iter() {
            request.add_header(header.name, header.value)?;
        }
        Ok(request)
    }

    fn add_header(&mut self, name: &str, value: &[u8]) -> Result<(), Refusal> {
        // Only headers that are used have to be text.
        let text = || match std::str::from_utf8(value) {
            Ok(value) => Ok(value.trim_matches([' ', '\t']).to_owned()),
            Err(_) => Err(Refusal::Malformed),
        };
        match name.to_ascii_lowercase().as_str() {
            "host" => self.hosts.push(text()?),
            "origin" => once(&mut self.origin, text()?)?,
            "referer" => once(&mut self.referer, text()?)?,
            "accept" => self.wants_events |= value.starts_with(b"text/event-stream"),
            "sec-fetch-site" => self.sites.push(text()?),
            "sec-fetch-mode" => self.is_navigation |= text()? == "navigate",
            "sec-fetch-dest" => self.is_navigation |= PAGES.contains(&text()?.as_str()),
            "authorization" => once(&mut self.authorization, text()?)?,
            "content-type" => once(&mut self.content_type, text()?)?,
            "content-length" => once(&mut self.content_length, length(&text()?)?)?,
            "transfer-encoding" => self.is_chunked = true,
            "upgrade" => once(&mut self.upgrade, text()?)?,
            "connection" => self.connection = format!("{},{}", self.connection, text()?.to_ascii_lowercase()),
            "sec-websocket-key" => once(&mut self.key, text()?)?,
            "sec-websocket-version" => once(&mut self.version, text()?)?,
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
    pub(super) fn websocket_key(&self) -> Result<&str, Refusal> {
        let upgrades = self.upgrade.as_deref().is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
        let asks = self.method == "GET"
            && upgrades
            && self.connection_says("upgrade")
            && self.content_length.unwrap_or(0) == 0
            && !self.is_chunked;
        match (self.version.as_deref(), self.key.as_deref()) {
            (Some("13"), Some(key)) if asks && is_key(key) => Ok(key),
            (Some(version), _) if asks && version != "13" => Err(Refusal::WebSocketVersion),
            _ => Err(Refusal::NoHandshake),
        }
    }

    pub(super) fn websocket_version(&self) -> &str {
        self.version.as_deref().unwrap_or_default()
    }

    /// The origin of a web page from elsewhere.
    pub(super) fn cross_origin(&self) -> Option<String> {
        self.origin.clone().filter(|origin| !self.is_own(origin))
    }

    /// Whether this is the server's own address, as the client names it.
    pub(super) fn is_own(&self, origin: &str) -> bool {
        matches!(self.hosts.as_slice(), [host] if origin.strip_prefix("http://") == Some(host))
    }

    /// Whether a browser wants to show the answer, as a page or within one.
    pub(super) fn is_navigation(&self) -> bool {
        self.is_navigation
    }

    /// Whether a browser asks on behalf of a page that is not the server's own.
    pub(super) fn is_from_another_site(&self) -> bool {
        match self.sites.as_slice() {
            [] => false,
            [site] => site != "none" && site != "same-origin",
            [_, _, ..] => true,
        }
    }

    /// The origin of the page that led here.
    pub(super) fn referrer(&self) -> Option<&str> {
        let referer = self.referer.as_deref()?;
        let authority = referer.find("://").map_or(0, |scheme| scheme + "://".len());
        let end = referer[authority..].find(['/', '?', '#']).map_or(referer.len(), |end| authority + end);
        Some(&referer[..end])
    }

    /// Whether another request may follow on the same stream.
    pub(super) fn is_persistent(&self) -> bool {
        !self.connection_says("close")
    }

    fn connection_says(&self, word: &str) -> bool {
        self.connection.split(',').any(|part| part.trim() == word)
    }
}

/// Sets a field; a header that is there twice could be read in two ways.
fn once<T>(field: &mut Option<T>, value: T) -> Result<(), Refusal> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(Refusal::Malformed),
    }
}

/// A length that does not fit a number exceeds any limit.
fn length(digits: &str) -> Result<usize, Refusal> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Malformed);
    }
    Ok(digits.parse().unwrap_or(usize::MAX))
}

/// 16 bytes in base64.
fn is_key(text: &str) -> bool {
    BASE64.decode(text.as_bytes()).is_ok_and(|bytes| bytes.len() == 16)
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

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

    #[test]
    fn a_proper_handshake_has_a_key() {
        assert_eq!(request("/", UPGRADE).websocket_key(), Ok(KEY));
        for missing in
            ["Upgrade: WebSocket\r\n", "Connection: keep-alive, Upgrade\r\n", "Sec-WebSocket-Version: 13\r\n"]
        {
            let asked = request("/", &UPGRADE.replace(missing, ""));
            assert_eq!(asked.websocket_key(), Err(Refusal::NoHandshake), "{missing}");
        }
        let old = request("/", &UPGRADE.replace("13", "8"));
        assert_eq!(old.websocket_key(), Err(Refusal::WebSocketVersion));
    }

    #[test]
    fn a_key_is_16_bytes_in_base64() {
        assert!(is_key(KEY));
        for key in [
            "",
            "dGhlIHNhbXBsZQ==",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZR==",
            "dGhlIHNhbXBsZSBub25jZSE=",
            "dGhlIHNhbXBsZSBub25jZSEh",
            "dGhlIHNhbXBsZSBub25j_Q==",
            "dGhlIHNhbXBsZSBub25jZQ==\t",
            "========================",
        ] {
            assert!(!is_key(key), "{key}");
        }
    }

    #[test]
    fn a_head_is_bounded_and_must_be_one() {
        let endless = format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(MAX_HEAD_BYTES));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: a\r\n".repeat(MAX_HEADERS + 1));
        for (head, refusal) in [
            (endless.as_bytes(), Refusal::HeadTooLarge),
            (many.as_bytes(), Refusal::HeadTooLarge),
            (b"\x16\x03\x01\x02", Refusal::Malformed),
            (b"GET / HTTP/1.0\r\n\r\n", Refusal::HttpVersion),
            (b"GET / HTTP/2.0\r\n\r\n", Refusal::HttpVersion),
            (b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n", Refusal::Malformed),
            (b"CONNECT 127.0.0.1:80 HTTP/1.1\r\n\r\n", Refusal::Malformed),
        ] {
            assert_eq!(Request::parse(head).unwrap_err(), refusal, "{}", String::from_utf8_lossy(head));
        }
        assert!(Request::parse(b"GET / HT").unwrap().is_none());
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for headers in [
            "Content-Length: 1\r\nContent-Length: 2\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: +1\r\n",
            "Origin: a\r\nOrigin: b\r\n",
            "Referer: a\r\nReferer: b\r\n",
            "Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: a\r\n",
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n",
        ] {
            let text = format!("POST / HTTP/1.1\r\n{headers}\r\n");
            assert_eq!(Request::parse(text.as_bytes()).unwrap_err(), Refusal::Malformed, "{headers}");
        }
        assert!(request("/", "Transfer-Encoding: chunked\r\n").is_chunked);
    }

    #[test]
    fn a_stream_goes_on_unless_somebody_says_otherwise() {
        assert!(request("/", "").is_persistent());
        assert!(!request("/", "Connection: Close\r\n").is_persistent());
    }
}
