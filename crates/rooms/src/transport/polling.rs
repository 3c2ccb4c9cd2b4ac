//! Packets over HTTP long polling.
//!
//! A client keeps one GET waiting for packets, and sends its own with POST, one at a time. The requests arrive on
//! streams of their own; their tasks hand them over here and wait for the reply.

use std::ops::ControlFlow;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::websocket::WebSocket;
use super::{Message, TransportError, close_code};
use crate::codec::payload::{Body, Packets};
use crate::frames::Frames;
use crate::outbox::Outbox;

/// Bytes from which a response takes no further packet.
const BODY_BYTES: usize = 64 * 1024;

/// A request of a client that has a session.
#[derive(Debug)]
pub(crate) enum Request {
    /// A GET: wants packets.
    Poll(oneshot::Sender<Reply>),
    /// A POST: brings packets. There is one at a time.
    Data(Bytes, oneshot::Sender<Reply>),
    /// A WebSocket that is to replace the polling, until this time.
    Upgrade(Box<WebSocket>, Instant),
}

/// The answer to a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Packets, as a body.
    Packets(Body),
    /// The packets of the POST were handled.
    Handled,
    /// The request was not allowed, or its body cannot be read.
    Bad,
}

/// The session's end of long polling.
#[derive(Debug)]
pub(crate) struct Polling {
    requests: mpsc::UnboundedReceiver<Request>,
    /// The GET that waits.
    waiting: Option<oneshot::Sender<Reply>>,
    /// The POST whose packets are being handled.
    posting: Option<(Packets, oneshot::Sender<Reply>)>,
    /// An upgrade is in progress: queued packets are for the next transport.
    held: bool,
}

/// What the requests ask for, apart from packets.
#[derive(Debug)]
pub(crate) enum Event {
    /// The client wants to change to this, until this time.
    Upgrade(Box<WebSocket>, Instant),
    /// The client has gone, or has broken the rules.
    Gone(TransportError),
}

impl Polling {
    pub(crate) fn new() -> (Self, mpsc::UnboundedSender<Request>) {
        let (sender, requests) = mpsc::unbounded_channel();
        (Self { requests, waiting: None, posting: None, held: false }, sender)
    }

    /// Takes in requests, even while the application is busy, because packets need a GET to leave.
    pub(crate) fn poll_requests(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        while let Poll::Ready(Some(request)) = self.requests.poll_recv(context) {
            match request {
                Request::Poll(reply) if self.waiting.is_some() => {
                    self.answer_poll(Reply::Packets(Body::text("1")));
                    let _ = reply.send(Reply::Bad);
                    return Poll::Ready(Event::Gone(violation("two GET requests at once")));
                }
                Request::Poll(reply) => self.waiting = Some(reply),
                Request::Data(body, reply) => self.posting = Some((Packets::new(body), reply)),
                Request::Upgrade(websocket, deadline) => return Poll::Ready(Event::Upgrade(websocket, deadline)),
            }
        }
        if self.waiting.as_mut().is_some_and(|reply| reply.poll_closed(context).is_ready()) {
            self.waiting = None;
            let gone = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
            return Poll::Ready(Event::Gone(gone.into()));
        }
        Poll::Pending
    }

    /// The next packet of the POST that is being handled.
    pub(crate) fn next(&mut self) -> Option<Result<Message, TransportError>> {
        let (packets, _) = self.posting.as_mut()?;
        let packet = packets.next();
        match &packet {
            Some(Ok(_)) => {}
            Some(Err(_)) => self.answer_post(Reply::Bad),
            None => self.answer_post(Reply::Handled),
        }
        packet.map(|packet| packet.map_err(|error| violation(&error.to_string())))
    }

    /// Whether a POST still has unhandled packets.
    pub(crate) fn is_receiving(&self) -> bool {
        self.posting.is_some()
    }

    /// Whether a GET waits.
    pub(crate) fn has_request(&self) -> bool {
        self.waiting.is_some()
    }

    /// Whether a GET waits for packets.
    pub(crate) fn is_writable(&self) -> bool {
        self.waiting.is_some() && !self.held
    }

    /// Answers the waiting GET with the queued packets.
    pub(crate) fn write(&mut self, outbox: &Outbox) {
        if self.is_writable() {
            let body = body_of(outbox);
            if !body.is_empty() {
                self.answer_poll(Reply::Packets(body));
            }
        }
    }

    /// Releases the waiting GET, because the client upgrades to a WebSocket, and holds back packets from now on.
    pub(crate) fn hold(&mut self) {
        self.held = true;
        self.answer_poll(Reply::Packets(Body::text("6")));
    }

    /// Goes on as before: the client did not change after all.
    pub(crate) fn release(&mut self) {
        self.held = false;
    }

    /// The client closed: it gets its answers, and waits for nothing more.
    pub(crate) fn close_by_client(&mut self) {
        self.answer_poll(Reply::Packets(Body::text("6")));
        self.answer_post(Reply::Handled);
    }

    /// The client has changed to another transport: a GET that came too late is refused.
    pub(crate) fn leave(mut self) {
        self.answer_poll(Reply::Bad);
    }

    /// Tells the client that the session is over. Ready when it has been told, which takes a GET; if `patient`, this
    /// waits for one.
    pub(crate) fn poll_closed(&mut self, context: &mut Context<'_>, outbox: &Outbox, patient: bool) -> Poll<()> {
        self.held = false;
        while let Poll::Ready(event) = self.poll_requests(context) {
            if matches!(event, Event::Gone(_)) {
                return Poll::Ready(());
            }
        }
        self.answer_post(Reply::Bad);
        if self.waiting.is_none() {
            return if patient { Poll::Pending } else { Poll::Ready(()) };
        }
        let mut body = body_of(outbox);
        body.append(&Frames::text("1"));
        self.answer_poll(Reply::Packets(body));
        Poll::Ready(())
    }

    // A request whose task is gone needs no answer.
    fn answer_poll(&mut self, reply: Reply) {
        if let Some(waiting) = self.waiting.take() {
            let _ = waiting.send(reply);
        }
    }

    fn answer_post(&mut self, reply: Reply) {
        if let Some((_, posting)) = self.posting.take() {
            let _ = posting.send(reply);
        }
    }
}

/// The queued packets as the body of one response.
fn body_of(outbox: &Outbox) -> Body {
    let mut body = Body::default();
    outbox.drain(|frames| {
        body.append(&frames);
        if body.len() < BODY_BYTES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    body
}

fn violation(message: &str) -> TransportError {
    TransportError::Protocol { code: close_code::POLICY_VIOLATION, message: message.to_owned() }
}
