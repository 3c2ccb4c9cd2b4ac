//! The transport of one session, and its change from polling to a WebSocket.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Sleep, sleep, sleep_until};

use super::polling::{Event, Polling};
use super::websocket::{WebSocket, Written};
use super::{Message, TransportError, close_code};
use crate::frames::Frames;
use crate::outbox::Outbox;

/// As in Node's Engine.IO.
const RELEASE_AFTER: Duration = Duration::from_millis(100);

/// The current transport of a session.
pub(crate) enum Carrier {
    WebSocket(Box<WebSocket>),
    Polling(Polling, Option<Probe>),
    /// The client closed, so it need not be told.
    Gone,
}

/// A WebSocket that is about to take over from polling.
pub(crate) struct Probe {
    websocket: Box<WebSocket>,
    /// Whether the client asked, and has its answer.
    answered: bool,
    /// When to release a GET that came during the change.
    release: Option<Pin<Box<Sleep>>>,
    deadline: Pin<Box<Sleep>>,
}

impl Carrier {
    /// The transports that a client may change to from this one.
    pub(crate) fn upgrades(&self) -> Vec<String> {
        match self {
            Self::Polling(..) => vec!["websocket".to_owned()],
            Self::WebSocket(_) | Self::Gone => Vec::new(),
        }
    }

    /// Whether the transport itself has something to write.
    pub(crate) fn has_unsent(&self) -> bool {
        matches!(self, Self::WebSocket(websocket) if websocket.has_unsent())
    }

    /// Whether writing is possible: polling needs a request to answer.
    pub(crate) fn is_writable(&self) -> bool {
        match self {
            Self::WebSocket(_) => true,
            Self::Polling(polling, _) => polling.is_writable(),
            Self::Gone => false,
        }
    }

    /// Writes what waits, as far as the client takes it.
    pub(crate) fn write(&mut self, context: &mut Context<'_>, outbox: &Outbox) -> Result<Written, TransportError> {
        match self {
            Self::WebSocket(websocket) => {
                websocket.poll_write(context, |batch| outbox.drain(|frames| batch.push(frames)))
            }
            Self::Polling(polling, _) => {
                polling.write(outbox);
                // A client that never comes for more is caught by the heartbeat.
                Ok(Written::All)
            }
            Self::Gone => Ok(Written::All),
        }
    }

    /// The next message; `None` when the client has closed. While the protocol is `busy`, no message is returned, but
    /// everything else goes on.
    pub(crate) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        busy: bool,
    ) -> Poll<Option<Result<Message, TransportError>>> {
        loop {
            match self {
                Self::WebSocket(_) if busy => return Poll::Pending,
                Self::WebSocket(websocket) => return websocket.poll_next(context),
                Self::Gone => return Poll::Ready(None),
                Self::Polling(polling, probe) => match polling.poll_requests(context) {
                    Poll::Ready(Event::Gone(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Event::Upgrade(websocket, deadline)) => {
                        let next = Probe {
                            websocket,
                            answered: false,
                            release: None,
                            deadline: Box::pin(sleep_until(deadline)),
                        };
                        if probe.is_some() {
                            next.dismiss("the session is being upgraded already");
                        } else {
                            *probe = Some(next);
                        }
                    }
                    Poll::Pending => {
                        if !busy && let Some(message) = polling.next() {
                            return Poll::Ready(Some(message));
                        }
                        // What came by POST is handled before the first message over the WebSocket.
                        let changed = match probe {
                            Some(probe) if !polling.is_receiving() => probe.poll(context, polling),
                            _ => Poll::Pending,
                        };
                        match changed {
                            Poll::Ready(changed) => self.finish_probe(changed),
                            Poll::Pending => return Poll::Pending,
                        }
                    }
                },
            }
        }
    }

    fn finish_probe(&mut self, changed: bool) {
        let Self::Polling(mut polling, Some(probe)) = std::mem::replace(self, Self::Gone) else { return };
        *self = if changed {
            polling.leave();
            Self::WebSocket(probe.websocket)
        } else {
            probe.dismiss("the upgrade failed");
            polling.release();
            Self::Polling(polling, None)
        };
    }

    /// The client said that it closes, so it is told nothing more.
    pub(crate) fn close_by_client(&mut self) {
        if let Self::Polling(polling, _) = self {
            polling.close_by_client();
            *self = Self::Gone;
        }
    }

    /// Ready when everything that waits is written, or cannot be.
    pub(crate) fn poll_drain(&mut self, context: &mut Context<'_>, outbox: &Outbox) -> Poll<()> {
        match self {
            Self::WebSocket(_) => match self.write(context, outbox) {
                Ok(Written::All) | Err(_) => Poll::Ready(()),
                Ok(_) => Poll::Pending,
            },
            // The last response carries it.
            Self::Polling(..) | Self::Gone => Poll::Ready(()),
        }
    }

    /// Begins to say goodbye, with a close code of RFC 6455 where there is a WebSocket.
    pub(crate) fn start_close(&mut self, code: u16, reason: &'static str) {
        match self {
            Self::WebSocket(websocket) => websocket.start_close(code, reason),
            Self::Polling(_, probe) => {
                if let Some(probe) = probe.take() {
                    probe.dismiss(reason);
                }
            }
            Self::Gone => {}
        }
    }

    /// Ready when the client knows that it is over. A polling client is told with its next request; if `patient`, this
    /// waits for that request.
    pub(crate) fn poll_closed(&mut self, context: &mut Context<'_>, outbox: &Outbox, patient: bool) -> Poll<()> {
        match self {
            Self::WebSocket(websocket) => websocket.poll_closed(context),
            Self::Polling(polling, _) => polling.poll_closed(context, outbox, patient),
            Self::Gone => Poll::Ready(()),
        }
    }
}

impl Probe {
    /// Ready when the client has upgraded (`true`), or will not.
    fn poll(&mut self, context: &mut Context<'_>, polling: &mut Polling) -> Poll<bool> {
        loop {
            if self.websocket.poll_write(context, |_| {}).is_err() {
                return Poll::Ready(false);
            }
            match self.websocket.poll_next(context) {
                Poll::Ready(Some(Ok(Message::Text(text)))) if !self.answered && text.as_str() == "2probe" => {
                    self.websocket.push(Frames::text("3probe"));
                    self.answered = true;
                    polling.hold();
                }
                Poll::Ready(Some(Ok(Message::Text(text)))) if self.answered && text.as_str() == "5" => {
                    return Poll::Ready(true);
                }
                Poll::Ready(_) => return Poll::Ready(false),
                Poll::Pending => {
                    self.poll_release(context, polling);
                    return self.deadline.poll_unpin(context).map(|()| false);
                }
            }
        }
    }

    /// A GET that comes during the change is refused once the client has changed, so it waits for that. The
    /// client may also wait for the GET, so it does not wait for long.
    fn poll_release(&mut self, context: &mut Context<'_>, polling: &mut Polling) {
        if !self.answered || !polling.has_request() {
            return;
        }
        let release = self.release.get_or_insert_with(|| Box::pin(sleep(RELEASE_AFTER)));
        if release.poll_unpin(context).is_ready() {
            self.release = None;
            polling.hold();
        }
    }

    /// Closes the WebSocket in a task of its own.
    fn dismiss(mut self, reason: &'static str) {
        tokio::spawn(async move { self.websocket.close(close_code::POLICY_VIOLATION, reason).await });
    }
}
