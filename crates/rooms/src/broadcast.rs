//! The recipients of an event: rooms to include, rooms to leave out.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;

use crate::config::OverflowPolicy;
use crate::encode;
use crate::io::Io;
use crate::payload::Payload;
use crate::reason::AckError;
use crate::socket::Socket;

/// An emit that is being prepared. Naming several rooms means their union; a socket in two of them hears the event
/// once.
///
/// ```
/// # use rooms::{Config, Io};
/// # let io = Io::new(Config::default());
/// io.to("project:p1").to("project:p2").except("muted").emit("task-updated", [1, 2, 3]);
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `emit`"]
pub struct Broadcast {
    io: Io,
    audience: Audience,
}

/// The choice of recipients.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audience {
    /// Empty means everyone.
    pub(crate) rooms: Vec<String>,
    pub(crate) except_rooms: Vec<String>,
    /// The socket on whose behalf the event is sent; it does not receive the event.
    pub(crate) sender: Option<Socket>,
    /// The one recipient, if there is only one.
    pub(crate) only: Option<Socket>,
    pub(crate) volatile: bool,
    pub(crate) overflow: Option<OverflowPolicy>,
    pub(crate) key: Option<Arc<str>>,
}

impl Broadcast {
    pub(crate) fn everyone(io: Io) -> Self {
        Self { io, audience: Audience::default() }
    }

    pub(crate) fn from_socket(socket: Socket) -> Self {
        let io = socket.io().clone();
        Self { io, audience: Audience { sender: Some(socket), ..Audience::default() } }
    }

    pub(crate) fn to_socket(socket: Socket) -> Self {
        let io = socket.io().clone();
        Self { io, audience: Audience { only: Some(socket), ..Audience::default() } }
    }

    /// Adds a room. A socket's id serves as a room with that socket alone.
    pub fn to(mut self, room: impl Into<String>) -> Self {
        self.address_others();
        self.audience.rooms.push(room.into());
        self
    }

    /// Leaves out everyone in this room.
    pub fn except(mut self, room: impl Into<String>) -> Self {
        self.address_others();
        self.audience.except_rooms.push(room.into());
        self
    }

    /// An emit that was addressed to one socket becomes one on its behalf, as in Socket.IO.
    fn address_others(&mut self) {
        if let Some(socket) = self.audience.only.take() {
            self.audience.sender = Some(socket);
        }
    }

    /// Drops the event for each recipient that is not ready to take it at once.
    pub fn volatile(mut self) -> Self {
        self.audience.volatile = true;
        self
    }

    /// Sets what happens to this event if a recipient's queue is full; it overrides the room's and the server's policy.
    pub fn overflow(mut self, policy: OverflowPolicy) -> Self {
        self.audience.overflow = Some(policy);
        self
    }

    /// Names the state that this event is the latest value of, for [`OverflowPolicy::KeepLatest`]: `cursor:ann`, say.
    /// The default is the event's name.
    pub fn key(mut self, key: impl Into<Arc<str>>) -> Self {
        self.audience.key = Some(key.into());
        self
    }

    /// The recipients, in the order in which they connected.
    pub fn fetch_sockets(&self) -> Vec<Socket> {
        match &self.audience.only {
            Some(socket) => vec![socket.clone()],
            None => self.io.namespace().recipients(&self.audience),
        }
    }

    /// Makes every recipient join a room.
    pub fn sockets_join(&self, room: &str) {
        for socket in self.fetch_sockets() {
            socket.join(room);
        }
    }

    /// Makes every recipient leave a room.
    pub fn sockets_leave(&self, room: &str) {
        for socket in self.fetch_sockets() {
            socket.leave(room);
        }
    }

    /// Disconnects every recipient from the namespace.
    pub fn disconnect_sockets(&self) {
        for socket in self.fetch_sockets() {
            socket.disconnect();
        }
    }

    /// Sends the event. It is encoded once, however many recipients there are. With `()` as the payload, it is sent
    /// without one.
    pub fn emit(self, event: &str, payload: impl Serialize) {
        let encode = |namespace: &str, mark| encode::event(namespace, event, &payload, mark);
        self.io.namespace().broadcast(&self.audience, event, encode);
    }

    /// Sends the event with several arguments: a tuple, a list, or [`Payload::all`].
    pub fn emit_arguments(self, event: &str, arguments: impl Serialize) {
        let encode = |namespace: &str, mark| encode::event_with_arguments(namespace, event, &arguments, mark);
        self.io.namespace().broadcast(&self.audience, event, encode);
    }

    /// Sends the event to each recipient, and waits until all have acknowledged it or `timeout` has passed. It is not
    /// remembered for clients that are away, and neither [`volatile`](Self::volatile) nor a policy for full queues applies.
    ///
    /// # Errors
    ///
    /// Each recipient has its own answer or [`AckError`], as [`Socket::emit_with_ack`] returns it.
    pub async fn emit_with_ack(
        self,
        event: &str,
        payload: impl Serialize,
        timeout: Duration,
    ) -> Vec<(Socket, Result<Payload, AckError>)> {
        let (sockets, payload) = (self.fetch_sockets(), &payload);
        let answers = join_all(sockets.iter().map(|socket| socket.emit_with_ack(event, payload, timeout))).await;
        sockets.into_iter().zip(answers).collect()
    }
}
