//! One client in one namespace, as the application sees it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{Notify, oneshot};

use crate::acks::Acks;
use crate::broadcast::Broadcast;
use crate::codec::socket::{Kind, RESERVED_EVENTS};
use crate::config::OverflowPolicy;
use crate::encode::{self, Mark};
use crate::frames::Frames;
use crate::identity::{Identity, SocketId};
use crate::io::Io;
use crate::memory::{Part, memory_of};
use crate::namespace::Namespace;
use crate::observer::{Event, SocketCounters};
use crate::outbox::{Counters, Delivery, Outgoing, Pushed};
use crate::panic::{HandlerPanicked, panic_message};
use crate::payload::Payload;
use crate::reason::{AckError, DisconnectReason};
use crate::recovery::Absent;
use crate::sessions::Handle;
use crate::wakes::Wakes;

/// A handle on one client in one namespace; cheap to clone.
#[derive(Clone)]
pub struct Socket {
    inner: Arc<Inner>,
}

struct Inner {
    identity: Identity,
    auth: Value,
    /// Roughly the bytes that it takes, its `auth` included.
    memory: usize,
    io: Io,
    session: Arc<Handle>,
    counters: Arc<Counters>,
    /// A [`Phase`].
    phase: AtomicU8,
    recovered: AtomicBool,
    /// The last event that was meant for it (see `recovery`); 0 for none.
    last_offset: AtomicU64,
    /// Notifies tasks that wait until it has ended completely.
    ended: Notify,
    data: Mutex<BTreeMap<String, Value>>,
    handlers: Mutex<Handlers>,
    acks: Mutex<Acks<Payload>>,
}

/// Roughly the bytes that a socket takes in addition to its client's `auth`, with some handlers.
pub(crate) const SOCKET: usize = 2048;

/// The state that a socket takes over from its predecessor, apart from its identity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inherited {
    pub(crate) data: BTreeMap<String, Value>,
    pub(crate) next_ack: u64,
}

/// The phases of a socket's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    /// Not admitted yet.
    Entering,
    Connected,
    /// Its disconnect handlers run.
    Leaving,
    Gone,
}

type SyncHandler = dyn Fn(&Socket, &Payload) + Send + Sync;
type AsyncHandler = dyn Fn(Socket, Payload) -> BoxFuture<'static, ()> + Send + Sync;
type DisconnectHandler = dyn Fn(&Socket, DisconnectReason) + Send + Sync;

#[derive(Clone)]
enum Handler {
    Sync(Arc<SyncHandler>),
    Async(Arc<AsyncHandler>),
}

#[derive(Default)]
struct Handlers {
    events: HashMap<String, Vec<Handler>>,
    disconnecting: Vec<Arc<DisconnectHandler>>,
    disconnect: Vec<Arc<DisconnectHandler>>,
}

/// Somebody waits for an acknowledgement. When this is dropped, the wait is forgotten.
struct Waiting<'a> {
    socket: &'a Socket,
    id: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.socket.lock_acks().remove(self.id);
    }
}

/// The result of running the handlers of one event.
pub(crate) enum Handled {
    /// They have finished.
    Done(Result<(), HandlerPanicked>),
    /// At least one is async; the connection awaits it.
    Running(BoxFuture<'static, Result<(), HandlerPanicked>>),
}

impl Socket {
    pub(crate) fn new(
        identity: Identity,
        Inherited { data, next_ack }: Inherited,
        auth: Value,
        io: Io,
        session: Arc<Handle>,
    ) -> Self {
        let memory = session.memory_for_answers();
        Self {
            inner: Arc::new(Inner {
                identity,
                io,
                session,
                counters: Arc::default(),
                phase: AtomicU8::new(Phase::Entering as u8),
                recovered: AtomicBool::new(false),
                last_offset: AtomicU64::new(0),
                ended: Notify::new(),
                data: Mutex::new(data),
                handlers: Mutex::default(),
                acks: Mutex::new(Acks::new(next_ack, memory)),
                memory: SOCKET + memory_of(&auth),
                auth,
            }),
        }
    }

    /// The socket's id.
    pub fn id(&self) -> &SocketId {
        &self.inner.identity.id
    }

    /// The server, within this socket's namespace.
    pub fn io(&self) -> &Io {
        &self.inner.io
    }

    /// What the client sent when it connected (`auth` in the JavaScript client); `null` if nothing.
    pub fn handshake_auth(&self) -> &Value {
        &self.inner.auth
    }

    /// Whether the client is still there, as far as the server knows.
    pub fn is_connected(&self) -> bool {
        self.is_in(Phase::Connected)
    }

    /// Whether the client was away and has come back as the same socket: with its id, its rooms and its data. Its
    /// handlers have to be registered again. Needs [`Config::recovery`](crate::Config::recovery).
    pub fn is_recovered(&self) -> bool {
        self.inner.recovered.load(Ordering::Acquire)
    }

    /// The value that the application keeps with this socket under this key; `null` if there is none.
    pub fn data(&self, key: &str) -> Value {
        self.lock_data().get(key).cloned().unwrap_or_default()
    }

    /// Keeps something with this socket for as long as it lives, and across a recovery.
    pub fn set_data(&self, key: impl Into<String>, value: impl Into<Value>) {
        // Converted first: that is the application's code, which may want the lock.
        let (key, value) = (key.into(), value.into());
        self.lock_data().insert(key, value);
    }

    /// Handles an event. Registering a second handler for the same event adds it: both run, in order.
    ///
    /// # Panics
    ///
    /// If no client can send an event with this name: `disconnect` and the others of [`RESERVED_EVENTS`]. Such a
    /// handler would never run.
    pub fn on(&self, event: &str, handler: impl Fn(&Socket, &Payload) + Send + Sync + 'static) {
        self.add_handler(event, Handler::Sync(Arc::new(handler)));
    }

    /// Handles an event with an async function. The next event of this socket waits until it has finished, so events
    /// stay in order; other sockets do not wait.
    ///
    /// When the connection ends, the function is dropped at the point where it waits. Work that must happen in any case
    /// belongs in [`Socket::on_disconnect`].
    ///
    /// # Panics
    ///
    /// As [`Socket::on`].
    pub fn on_async<F, R>(&self, event: &str, handler: F)
    where
        F: Fn(Socket, Payload) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let handler = move |socket, payload| handler(socket, payload).boxed();
        self.add_handler(event, Handler::Async(Arc::new(handler)));
    }

    /// Runs while the socket is leaving: it is still in its rooms, so they can be told.
    pub fn on_disconnecting(&self, handler: impl Fn(&Socket, DisconnectReason) + Send + Sync + 'static) {
        self.register(|handlers| handlers.disconnecting.push(Arc::new(handler)));
    }

    /// Runs when the socket is gone and has left its rooms.
    pub fn on_disconnect(&self, handler: impl Fn(&Socket, DisconnectReason) + Send + Sync + 'static) {
        self.register(|handlers| handlers.disconnect.push(Arc::new(handler)));
    }

    /// Sends an event to this client. `()` as the payload sends the event without one.
    pub fn emit(&self, event: &str, payload: impl Serialize) {
        Broadcast::to_socket(self.clone()).emit(event, payload);
    }

    /// Sends an event with several arguments: a tuple, a list, or [`Payload::all`].
    pub fn emit_arguments(&self, event: &str, arguments: impl Serialize) {
        Broadcast::to_socket(self.clone()).emit_arguments(event, arguments);
    }

    /// Sends an event and waits for the client's acknowledgement.
    ///
    /// # Errors
    ///
    /// [`AckError`] when the client does not answer within `timeout`, or goes away; in both cases it
    /// may have handled the event, because delivery is at most once. And when the event was not sent at all.
    pub async fn emit_with_ack(
        &self,
        event: &str,
        payload: impl Serialize,
        timeout: Duration,
    ) -> Result<Payload, AckError> {
        let Some((waiting, answer)) = self.expect_ack() else {
            self.record_dropped(event, "the clients hold all the memory that the server allows".to_owned());
            return Err(AckError::NotSent);
        };
        let mark = Mark::Ack(waiting.id);
        let frames = encode::event(self.namespace().name(), event, &payload, mark).map_err(|error| {
            self.record_dropped(event, format!("the payload cannot be written as JSON: {error}"));
            AckError::NotSent
        })?;
        let frames = frames.charged(self.inner.io.core().shared().pool());
        let delivery = Delivery::Queued(self.namespace().overflow());
        if self.is_connected() && !self.send(event, frames, None, delivery) {
            return Err(AckError::NotSent);
        }
        match tokio::time::timeout(timeout, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(AckError::Disconnected),
            Err(_) => Err(AckError::Timeout),
        }
    }

    /// Joins a room; joining twice is the same as joining once. Nothing happens when the socket has gone already. The
    /// join is ignored, and the observer gets a record that says so, when the room's name has more bytes than
    /// [`Config::max_name`](crate::Config::max_name) allows (1,024), or the socket is in
    /// [`Config::max_rooms`](crate::Config::max_rooms) (1,000), or the clients hold all the memory that the server
    /// allows and this one more than its share.
    pub fn join(&self, room: impl Into<String>) {
        self.namespace().join(self, room.into());
    }

    /// Leaves a room.
    pub fn leave(&self, room: impl AsRef<str>) {
        self.namespace().leave(self, room.as_ref());
    }

    /// The rooms that this socket is in, sorted.
    pub fn rooms(&self) -> Vec<String> {
        self.namespace().rooms_of(self)
    }

    /// Everyone in a room, except this socket.
    pub fn to(&self, room: impl Into<String>) -> Broadcast {
        self.broadcast().to(room)
    }

    /// Everyone in the namespace, except this socket.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast::from_socket(self.clone())
    }

    /// Everyone in the namespace who is not in this room, except this socket.
    pub fn except(&self, room: impl Into<String>) -> Broadcast {
        self.broadcast().except(room)
    }

    /// This client, with a policy of this emit alone for a full queue.
    pub fn overflow(&self, policy: OverflowPolicy) -> Broadcast {
        Broadcast::to_socket(self.clone()).overflow(policy)
    }

    /// This client, if it is ready to take the event at once; otherwise the event is dropped. For
    /// positions and other values that the next one replaces.
    pub fn volatile(&self) -> Broadcast {
        Broadcast::to_socket(self.clone()).volatile()
    }

    /// Makes the client leave the namespace. Its connection stays open for other namespaces.
    pub fn disconnect(&self) {
        if self.is_connected() {
            let packet = encode::packet(Kind::Disconnect, self.namespace().name(), None);
            self.inner.session.outbox().push_control(packet);
            self.close(DisconnectReason::ServerDisconnect);
        }
    }

    /// Ends the client's whole connection, with all its namespaces. Events that were emitted before are still sent.
    pub fn disconnect_client(&self) {
        self.inner.session.outbox().end(DisconnectReason::ServerDisconnect);
    }

    /// How the client is connected at the moment.
    pub fn transport(&self) -> &'static str {
        if self.inner.session.is_polling() { "polling" } else { "websocket" }
    }

    /// For the rooms that it will be in.
    pub(crate) fn memory_for_rooms(&self) -> Part {
        self.inner.session.memory_for_rooms()
    }

    /// The `name` in the client's `auth`.
    pub(crate) fn name(&self) -> Option<String> {
        self.handshake_auth().get("name").and_then(Value::as_str).map(str::to_owned)
    }

    /// Roughly how many bytes it takes.
    pub(crate) fn memory(&self) -> usize {
        self.inner.memory
    }

    pub(crate) fn key(&self) -> u64 {
        self.inner.identity.key
    }

    pub(crate) fn next_ack(&self) -> u64 {
        self.lock_acks().next_id()
    }

    /// Completes when the socket has ended completely: its handlers have run, and it is remembered.
    pub(crate) async fn ended(&self) {
        let mut ended = std::pin::pin!(self.inner.ended.notified());
        ended.as_mut().enable();
        if !self.is_in(Phase::Gone) {
            ended.await;
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.is_in(Phase::Gone)
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    pub(crate) fn last_offset(&self) -> u64 {
        self.inner.last_offset.load(Ordering::Relaxed)
    }

    /// An event with this offset, if it has one, is meant for this socket.
    pub(crate) fn note_offset(&self, offset: Option<u64>) {
        if let Some(offset) = offset {
            self.inner.last_offset.store(offset, Ordering::Relaxed);
        }
    }

    /// The client is admitted: from now on it can be sent events.
    pub(crate) fn let_in(&self) {
        self.inner.phase.store(Phase::Connected as u8, Ordering::Release);
    }

    /// The client has come back, and gets what it missed.
    pub(crate) fn catch_up(&self, missed: Vec<(u64, Frames)>) {
        self.inner.recovered.store(true, Ordering::Release);
        self.note_offset(missed.last().map(|(offset, _)| *offset));
        let mut events = VecDeque::with_capacity(missed.len());
        events.extend(missed.into_iter().map(|(_, frames)| frames));
        self.inner.session.outbox().push_missed(events, Arc::clone(&self.inner.counters));
    }

    /// Reserves memory for this many missed events; `false` if there is none.
    pub(crate) fn has_room_for_missed(&self, events: usize) -> bool {
        self.inner.session.outbox().has_room_for_missed(events)
    }

    /// The client has come back over another connection, so this one is of no further use.
    pub(crate) fn supersede(&self) {
        self.close(DisconnectReason::TransportClose);
        self.inner.session.outbox().end(DisconnectReason::TransportClose);
    }

    fn is_in(&self, phase: Phase) -> bool {
        self.inner.phase.load(Ordering::Acquire) == phase as u8
    }

    pub(crate) fn counters(&self) -> SocketCounters {
        let counters = &self.inner.counters;
        SocketCounters {
            socket: self.id().to_string(),
            received: counters.received.load(Ordering::Relaxed),
            sent: counters.sent.load(Ordering::Relaxed),
            dropped: counters.dropped.load(Ordering::Relaxed),
        }
    }

    /// Sends an encoded event to this client alone; returns whether it will be written.
    pub(crate) fn send(&self, event: &str, frames: Frames, key: Option<Arc<str>>, delivery: Delivery) -> bool {
        let bytes = frames.len() as u64;
        let queued = self.push(event, frames, key, delivery, &mut Wakes::default());
        if queued {
            self.namespace().record(|| {
                let (socket, name) = (self.id().to_string(), event.to_owned());
                Event::Sent { socket, name, bytes }
            });
        }
        queued
    }

    /// Queues an encoded event; returns whether it will be written. The connection may already belong to another
    /// socket, for which it is not meant.
    pub(crate) fn push(
        &self,
        event: &str,
        frames: Frames,
        key: Option<Arc<str>>,
        delivery: Delivery,
        wakes: &mut Wakes,
    ) -> bool {
        if !self.is_connected() {
            return false;
        }
        let outbox = self.inner.session.outbox();
        let reason = match outbox.push(Outgoing { frames, key }, &self.inner.counters, delivery, wakes) {
            Pushed::Queued => return true,
            Pushed::Closed => return false,
            Pushed::Displaced(events) => {
                self.record_dropped(
                    event,
                    format!("the queue is full: {events} that waited longer were dropped for a newer one"),
                );
                return true;
            }
            Pushed::TooLarge => "it is larger than the limit of the client's whole queue",
            Pushed::NotWritable => "volatile, and the client was busy",
            Pushed::Full => "the queue is full",
            Pushed::Overflowed => "the queue is full, so the client is disconnected",
            Pushed::NoMemory => "the clients hold all the memory that the server allows, so this one is disconnected",
        };
        self.record_dropped(event, reason.to_owned());
        false
    }

    pub(crate) fn send_ack(&self, frames: serde_json::Result<Frames>) -> bool {
        let (Ok(frames), true) = (frames, self.is_connected()) else { return false };
        self.inner.session.outbox().push_control(frames);
        true
    }

    /// Delivers an acknowledgement to the code that waits for it; if none does, it is ignored.
    pub(crate) fn resolve_ack(&self, id: u64, answer: impl FnOnce() -> Payload) {
        if let Some(waiting) = self.lock_acks().remove(id) {
            // The waiting code may have given up at this moment.
            let _ = waiting.send(answer());
        }
    }

    pub(crate) fn has_handler(&self, event: &str) -> bool {
        self.lock_handlers().events.contains_key(event)
    }

    pub(crate) fn count_received(&self) {
        self.inner.counters.received.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs the handlers of an event, one after another.
    pub(crate) fn handle(&self, event: &str, payload: Payload) -> Handled {
        let handlers = self.lock_handlers().events.get(event).cloned().unwrap_or_default();
        if handlers.iter().all(|handler| matches!(handler, Handler::Sync(_))) {
            let outcome = handlers.iter().try_for_each(|handler| match handler {
                Handler::Sync(handler) => self.call(event, || handler(self, &payload)),
                Handler::Async(_) => Ok(()),
            });
            return Handled::Done(outcome);
        }
        let (socket, event) = (self.clone(), event.to_owned());
        Handled::Running(
            async move {
                for handler in handlers {
                    match handler {
                        Handler::Sync(handler) => socket.call(&event, || handler(&socket, &payload))?,
                        Handler::Async(handler) => {
                            let future = AssertUnwindSafe(async { handler(socket.clone(), payload.clone()).await });
                            future.catch_unwind().await.map_err(|panic| socket.panicked(&event, &*panic))?;
                        }
                    }
                }
                Ok(())
            }
            .boxed(),
        )
    }

    /// Removes the socket: its disconnect handlers run, its rooms and handlers are dropped.
    pub(crate) fn close(&self, reason: DisconnectReason) {
        let leave = |phase| (phase < Phase::Leaving as u8).then_some(Phase::Leaving as u8);
        let Ok(before) = self.inner.phase.fetch_update(Ordering::AcqRel, Ordering::Acquire, leave) else { return };
        let handlers = std::mem::take(&mut *self.lock_handlers());
        if before == Phase::Connected as u8 {
            self.disconnect_with(&handlers, reason);
        }
        self.inner.phase.store(Phase::Gone as u8, Ordering::Release);
        self.inner.ended.notify_waiters();
        self.io().core().namespaces().leave(self.namespace().name());
    }

    fn disconnect_with(&self, handlers: &Handlers, reason: DisconnectReason) {
        for handler in &handlers.disconnecting {
            let _ = self.call("disconnecting", || handler(self, reason));
        }
        let absent = self.namespace().remove(self, reason);
        for handler in &handlers.disconnect {
            let _ = self.call("disconnect", || handler(self, reason));
        }
        if let Some(absent) = absent {
            self.namespace().remember_absent(Absent { data: self.lock_data().clone(), ..absent });
        }
        let (socket, reason) = (self.id().to_string(), reason.to_string());
        self.namespace().record(|| Event::Disconnect { socket, reason });
        self.lock_acks().forget();
    }

    fn namespace(&self) -> &Namespace {
        self.inner.io.namespace()
    }

    fn add_handler(&self, event: &str, handler: Handler) {
        assert!(
            !RESERVED_EVENTS.contains(&event),
            "`{event}` is not an event that a client sends: {}",
            instead_of(event)
        );
        self.register(|handlers| handlers.events.entry(event.to_owned()).or_default().push(handler));
    }

    fn register(&self, add: impl FnOnce(&mut Handlers)) {
        // A handler often holds its socket. If a socket that has gone kept its handlers, neither would ever be freed.
        let mut handlers = self.lock_handlers();
        if !self.is_in(Phase::Leaving) && !self.is_in(Phase::Gone) {
            add(&mut handlers);
        }
    }

    fn expect_ack(&self) -> Option<(Waiting<'_>, oneshot::Receiver<Payload>)> {
        let mut acks = self.lock_acks();
        let (id, receiver) = acks.expect()?;
        // A socket that has gone keeps no sender: dropping it tells the receiver.
        if !self.is_connected() {
            acks.remove(id);
        }
        Some((Waiting { socket: self, id }, receiver))
    }

    /// Calls application code; a panic in it ends this client's connection, not the server.
    pub(crate) fn call(&self, event: &str, code: impl FnOnce()) -> Result<(), HandlerPanicked> {
        catch_unwind(AssertUnwindSafe(code)).map_err(|panic| self.panicked(event, &*panic))
    }

    pub(crate) fn panicked(&self, event: &str, panic: &(dyn std::any::Any + Send)) -> HandlerPanicked {
        let (socket, name) = (self.id().to_string(), event.to_owned());
        self.namespace().record(|| Event::HandlerPanic { socket, name, message: panic_message(panic) });
        HandlerPanicked
    }

    fn record_dropped(&self, event: &str, reason: String) {
        let (socket, name) = (self.id().to_string(), event.to_owned());
        self.namespace().record(|| Event::Dropped { socket, name, reason });
    }

    fn lock_data(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Value>> {
        self.inner.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_handlers(&self) -> std::sync::MutexGuard<'_, Handlers> {
        self.inner.handlers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_acks(&self) -> std::sync::MutexGuard<'_, Acks<Payload>> {
        self.inner.acks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Socket")
            .field("id", self.id())
            .field("connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}

/// What to use instead of a handler with this reserved name, which would never run.
fn instead_of(event: &str) -> &'static str {
    match event {
        "connect" => "use `io.on_connection`",
        "disconnecting" => "use `socket.on_disconnecting`",
        "disconnect" => "use `socket.on_disconnect`",
        _ => "choose another name",
    }
}
