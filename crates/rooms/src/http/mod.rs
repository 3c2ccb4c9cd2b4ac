//! The requests that open and carry sessions.
//!
//! Heads are read here rather than by the WebSocket library, so that one listener can serve both transports, refuse in
//! the protocol's own words, and bound the time and size of a request. Whether a request is allowed is decided before
//! anything else, so that a client which may not ask learns nothing. A stream stays here as long as it carries HTTP;
//! once it is a WebSocket, it belongs to a [`Session`].

mod access;
mod engine;
mod host;
mod peer;
mod reader;
mod refusal;
mod refusals;
mod request;
mod response;
mod wording;

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use crate::config::Config;
use crate::memory::{Budget, Share};
use crate::reason::DisconnectReason;
use crate::session::Session;
use crate::sessions::{Handle, Registration};
use crate::streams::StreamGuard;
use crate::transport::carrier::Carrier;
use crate::transport::polling::{self, Polling, Reply};
use crate::transport::websocket::WebSocket;
use crate::transport::{ByteStream, close_code};
use engine::Endpoint;
pub(crate) use engine::Engine;
pub(crate) use peer::Peer;
use reader::Reader;
use refusal::Refusal;
use request::Request;
use response::Response;

/// Serves one stream: answers requests until one of them makes it a WebSocket, and then serves that.
pub(crate) async fn serve(engine: &Engine, stream: ByteStream, peer: Peer) {
    // Boxed, so that a session does not carry the state of its negotiation along.
    let session = Box::pin(negotiate(engine, stream, peer)).await;
    if let Some(session) = session {
        session.run().await;
    }
}

async fn negotiate(engine: &Engine, stream: ByteStream, peer: Peer) -> Option<Session> {
    let Some(guard) = engine.streams().admit(engine.config().max_streams) else {
        engine.refusals().record(Refusal::TooManyStreams, &Request::default(), peer);
        return None;
    };
    let reader = Reader::new(stream, engine.shared().pool().holding(Share::Receiving));
    Exchange { engine, reader, peer }.run(guard).await
}

/// Accepts a bare WebSocket, without Engine.IO, under the limits of `config`: its host and origin checks, its
/// handshake timeout and its largest message. Any path will do.
///
/// # Errors
///
/// When the request is not a WebSocket handshake or is not allowed. The client has been told why.
pub async fn accept_websocket(stream: TcpStream, config: &Config) -> io::Result<WebSocket> {
    let peer = Peer::of(&stream);
    let mut reader = Reader::new(Box::new(stream), Budget::new(config.max_memory).holding(Share::Receiving));
    let head = timeout(config.handshake_timeout, reader.head()).await.unwrap_or(Err(Refusal::HeadTimeout));
    let asked = match &head {
        Ok(request) => access::check(request, config, peer).and_then(|()| request.websocket_key()),
        Err(refusal) => Err(*refusal),
    };
    match asked {
        Ok(key) => Ok(websocket(reader, config, key)),
        Err(refusal) => {
            let request = head.unwrap_or_default();
            reader.refuse(Response::refuse(refusal, &request), config).await;
            let reason = refusal.explain(&request, config, peer).unwrap_or_default();
            Err(io::Error::new(io::ErrorKind::InvalidData, reason))
        }
    }
}

fn websocket(reader: Reader, config: &Config, key: &str) -> WebSocket {
    let (stream, rest, memory) = reader.into_parts();
    // The answer leaves together with the first packet.
    WebSocket::server(stream, rest.to_vec(), config.max_payload, memory, response::switching_protocols(key))
}

/// One stream that carries HTTP.
struct Exchange<'a> {
    engine: &'a Engine,
    reader: Reader,
    peer: Peer,
}

/// The outcome of a request.
enum Outcome {
    Respond(Response),
    /// The queued packets of a session.
    Packets(Response, Arc<Handle>),
    /// The stream becomes a WebSocket, with this key.
    WebSocket(String, Purpose),
    /// The client is gone.
    Gone,
}

/// What a WebSocket is for.
enum Purpose {
    /// A new session.
    Open(Registration, Endpoint),
    /// A session that has polled so far.
    Upgrade(Arc<Handle>),
}

impl Exchange<'_> {
    async fn run(mut self, guard: StreamGuard) -> Option<Session> {
        let engine = self.engine;
        let mut is_first = true;
        loop {
            let head = tokio::select! {
                biased;
                head = timeout(engine.config().handshake_timeout, self.reader.head()) => head,
                () = engine.streams().closing() => return None,
            };
            let request = match head {
                Ok(Ok(request)) => request,
                // Silence between two requests needs no answer.
                Err(_) if !is_first && self.reader.is_between_requests() => return None,
                Err(_) => return self.refuse(Refusal::HeadTimeout, &Request::default(), None).await,
                Ok(Err(refusal)) => return self.refuse(refusal, &Request::default(), None).await,
            };
            if let Err(refusal) = access::check(&request, engine.config(), self.peer) {
                return self.refuse(refusal, &request, None).await;
            }
            let origin = request.cross_origin();
            let (response, polls) = match self.answer(&request).await {
                Ok(Outcome::Respond(response)) => (response.allowing(origin), None),
                Ok(Outcome::Packets(response, handle)) => (response.allowing(origin), Some(handle)),
                Ok(Outcome::WebSocket(key, purpose)) => return self.become_websocket(&key, purpose, guard),
                Ok(Outcome::Gone) => return None,
                Err(refusal) => return self.refuse(refusal, &request, origin).await,
            };
            let response = if request.is_persistent() { response } else { response.closing() };
            let is_last = response.is_last();
            let is_taken = self.respond(response).await;
            if !is_taken && let Some(handle) = polls {
                // Lost packets are not sent again, so the session is of no further use.
                handle.outbox().end(DisconnectReason::TransportError);
            }
            if is_last || !is_taken {
                return None;
            }
            is_first = false;
        }
    }

    async fn refuse(&mut self, refusal: Refusal, request: &Request, origin: Option<String>) -> Option<Session> {
        self.engine.refusals().record(refusal, request, self.peer);
        let response = Response::refuse(refusal, request).map(|response| response.allowing(origin));
        self.reader.refuse(response, self.engine.config()).await;
        None
    }

    /// A new session goes on with this stream; an older one takes it over, or has it closed.
    fn become_websocket(self, key: &str, purpose: Purpose, guard: StreamGuard) -> Option<Session> {
        let config = self.engine.config();
        let websocket = Box::new(websocket(self.reader, config, key).counted(guard));
        match purpose {
            Purpose::Open(registration, endpoint) => {
                let protocol = endpoint(registration.handle(), self.peer.remote);
                Some(Session::new(config, registration, Carrier::WebSocket(websocket), protocol))
            }
            Purpose::Upgrade(handle) => {
                let upgrade = polling::Request::Upgrade(websocket, Instant::now() + config.upgrade_timeout);
                if let Err(polling::Request::Upgrade(mut websocket, _)) = handle.request(upgrade) {
                    let reason = "the session has a WebSocket already";
                    tokio::spawn(async move { websocket.close(close_code::POLICY_VIOLATION, reason).await });
                }
                None
            }
        }
    }

    async fn respond(&mut self, response: Response) -> bool {
        self.reader.write(response, self.engine.config()).await
    }

    async fn answer(&mut self, request: &Request) -> Result<Outcome, Refusal> {
        let endpoint = self.engine.endpoint(&request.path).ok_or(Refusal::NotFound)?;
        if request.is_chunked {
            return Err(Refusal::LengthRequired);
        }
        if request.method == "OPTIONS" {
            return Ok(Outcome::Respond(Response::preflight()));
        }
        let over_websocket = match request.parameter("transport") {
            Some("websocket") => true,
            Some("polling") => false,
            _ => return Err(Refusal::TransportUnknown),
        };
        if request.parameter("EIO") != Some("4") {
            return Err(Refusal::UnsupportedVersion);
        }
        match request.parameter("sid") {
            None if request.method != "GET" => Err(Refusal::BadHandshakeMethod),
            None if over_websocket => {
                let key = request.websocket_key()?.to_owned();
                let registration = self.register(request, None)?;
                Ok(Outcome::WebSocket(key, Purpose::Open(registration, endpoint)))
            }
            None => self.open_polling(request, &endpoint).await,
            Some(sid) => {
                let handle = self.engine.sessions().find(sid).ok_or(Refusal::SessionUnknown)?;
                match request.method.as_str() {
                    "GET" if over_websocket => {
                        let key = request.websocket_key()?.to_owned();
                        Ok(Outcome::WebSocket(key, Purpose::Upgrade(handle)))
                    }
                    _ if over_websocket || !handle.is_polling() => Err(Refusal::SessionOver),
                    "GET" => self.poll(&handle).await,
                    "POST" => self.post(request, &handle).await,
                    _ => Err(Refusal::BadMethod),
                }
            }
        }
    }

    fn register(
        &self,
        request: &Request,
        polls: Option<mpsc::UnboundedSender<polling::Request>>,
    ) -> Result<Registration, Refusal> {
        let (engine, config) = (self.engine, self.engine.config());
        let handle = Handle::new(config, engine.shared().pool(), polls);
        let registration = engine.sessions().register(handle, config).ok_or(Refusal::TooManyConnections)?;
        if registration.displaced_another() {
            // The displaced client has no address any more.
            engine.refusals().record(Refusal::Displaced, request, Peer::default());
        }
        Ok(registration)
    }

    /// A new session over polling, in its own task, whose open packet answers this request.
    async fn open_polling(&mut self, request: &Request, endpoint: &Endpoint) -> Result<Outcome, Refusal> {
        let (polling, requests) = Polling::new();
        let registration = self.register(request, Some(requests))?;
        let handle = Arc::clone(registration.handle());
        let protocol = endpoint(&handle, self.peer.remote);
        let carrier = Carrier::Polling(polling, None);
        tokio::spawn(Session::new(self.engine.config(), registration, carrier, protocol).run());
        self.poll(&handle).await
    }

    /// Waits for packets. A client that goes away while it waits ends its session, because the reply is dropped.
    async fn poll(&mut self, handle: &Arc<Handle>) -> Result<Outcome, Refusal> {
        let (reply, packets) = oneshot::channel();
        handle.request(polling::Request::Poll(reply)).map_err(|_| Refusal::SessionOver)?;
        tokio::select! {
            biased;
            reply = packets => match reply {
                Ok(Reply::Packets(body)) => Ok(Outcome::Packets(Response::packets(body), Arc::clone(handle))),
                Ok(Reply::Handled | Reply::Bad) | Err(_) => Err(Refusal::SessionOver),
            },
            () = self.reader.gone() => Ok(Outcome::Gone),
        }
    }

    /// Takes packets, and answers once they are handled.
    async fn post(&mut self, request: &Request, handle: &Handle) -> Result<Outcome, Refusal> {
        if request.content_type.as_deref() == Some("application/octet-stream") {
            return Err(Refusal::BinaryBody);
        }
        // One at a time: the order of two would be unknown.
        let Some(_posting) = handle.begin_post() else {
            handle.outbox().end(DisconnectReason::ParseError);
            return Err(Refusal::SessionOver);
        };
        let config = self.engine.config();
        let length = request.content_length.ok_or(Refusal::LengthRequired)?;
        if length > config.max_payload {
            return Err(Refusal::TooLarge);
        }
        if timeout(config.handshake_timeout, self.reader.hold(length)).await.is_err() {
            handle.outbox().end(DisconnectReason::ServerFull);
            return Err(Refusal::NoMemory);
        }
        let body = timeout(config.handshake_timeout, self.reader.body(length)).await;
        let body = body.unwrap_or(Err(Refusal::BodyTimeout))?;
        let (reply, handled) = oneshot::channel();
        handle.request(polling::Request::Data(body, reply)).map_err(|_| Refusal::SessionOver)?;
        let handled = handled.await;
        self.reader.let_go();
        match handled {
            Ok(Reply::Handled) => Ok(Outcome::Respond(Response::ok())),
            Ok(Reply::Packets(_) | Reply::Bad) | Err(_) => Err(Refusal::SessionOver),
        }
    }
}
