//! Engine.IO without Socket.IO: bare messages to and from clients, over the same transports and under the
//! same limits.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::frames::Frames;
use crate::reason::DisconnectReason;
use crate::session::{Data, Protocol};
use crate::sessions::Handle;
use crate::transport::Message;

/// A client of bare Engine.IO; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    handle: Arc<Handle>,
}

impl Client {
    pub(crate) fn new(handle: Arc<Handle>) -> Self {
        Self { handle }
    }

    /// Sends a message. A client that lets too many of them pile up unread is cut off.
    pub fn send(&self, message: &Message) {
        self.handle.outbox().push_control(match message {
            Message::Text(text) => Frames::text(&format!("4{text}")),
            Message::Binary(data) => Frames::binary(data),
        });
    }
}

/// Hands each message to the application.
pub(crate) struct Bare<F> {
    client: Client,
    handler: Arc<F>,
}

impl<F> Bare<F> {
    pub(crate) fn new(client: Client, handler: Arc<F>) -> Self {
        Self { client, handler }
    }
}

impl<F: Fn(&Client, Message) + Send + Sync> Protocol for Bare<F> {
    fn receive(&mut self, data: Data<'_>) -> Result<(), DisconnectReason> {
        let message = match data {
            Data::Text(text) => Message::Text(text.into()),
            Data::Binary(data) => Message::Binary(data),
        };
        (self.handler)(&self.client, message);
        Ok(())
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DisconnectReason>> {
        Poll::Pending
    }

    fn is_busy(&self) -> bool {
        false
    }

    fn is_waiting(&self) -> bool {
        false
    }

    fn close(&mut self, _: DisconnectReason) {}
}

/// Serves no protocol: ends each session at once.
pub(crate) struct NoProtocol;

impl Protocol for NoProtocol {
    fn receive(&mut self, _: Data<'_>) -> Result<(), DisconnectReason> {
        Err(DisconnectReason::ServerShutdown)
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DisconnectReason>> {
        Poll::Ready(Err(DisconnectReason::ServerShutdown))
    }

    fn is_busy(&self) -> bool {
        false
    }

    fn is_waiting(&self) -> bool {
        false
    }

    fn close(&mut self, _: DisconnectReason) {}
}
