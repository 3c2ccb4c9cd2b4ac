//! Engine.IO without Socket.IO: bare messages to and from clients, over the same transports and under the
//! same limits.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::io::Io;
use crate::session::{Data, Protocol};
use crate::sessions::Handle;
use crate::socket::DisconnectReason;
use crate::transport::Message;
use crate::transport::frames::Frames;

/// One client.
#[derive(Debug, Clone)]
pub struct Client {
    handle: Arc<Handle>,
}

impl Client {
    /// Sends a message. A client that reads none of many is cut off.
    pub fn send(&self, message: &Message) {
        self.handle.outbox().push_control(match message {
            Message::Text(text) => Frames::text(&format!("4{text}")),
            Message::Binary(data) => Frames::binary(data),
        });
    }
}

impl Io {
    /// Serves bare Engine.IO at another path: `handler` gets each message of each client.
    ///
    /// ```
    /// # use rooms::{Config, Io};
    /// # let io = Io::new(Config::default());
    /// io.on_engine_message("/engine.io/", |client, message| client.send(&message));
    /// ```
    pub fn on_engine_message(&self, path: &str, handler: impl Fn(&Client, Message) + Send + Sync + 'static) {
        let handler = Arc::new(handler);
        self.core().add_endpoint(
            path,
            Arc::new(move |handle, _| {
                let client = Client { handle: Arc::clone(handle) };
                Box::new(Bare { client, handler: Arc::clone(&handler) })
            }),
        );
    }
}

struct Bare<F> {
    client: Client,
    handler: Arc<F>,
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

/// Speaks to nobody: ends the session at once.
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
