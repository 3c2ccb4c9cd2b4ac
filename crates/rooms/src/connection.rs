//! One client, from the Engine.IO open packet to its close.
//!
//! A connection is one task. Each turn of its loop writes what waits, then does the first thing that
//! is ready: read a packet, finish an async handler, keep the heartbeat. While an async handler runs,
//! packets are still read, so that acknowledgements and heartbeats get through; events wait in order, as
//! many as the configuration allows.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::{BoxFuture, poll_fn};
use futures_util::{FutureExt, SinkExt, StreamExt};
use rand::RngExt;
use rand::distr::Alphanumeric;
use serde_json::Value;
use serde_json::value::to_raw_value;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::codec::engine::{self, Open};
use crate::codec::socket::{Kind, Packet};
use crate::io::Core;
use crate::observer::{Event, preview};
use crate::outbox::{Next, Outbox};
use crate::payload::{Payload, PendingAck};
use crate::socket::{DisconnectReason, Handled, HandlerPanicked, Socket, SocketId};
use crate::transport::{Text, Transport, TransportError};

/// The length of the ids in Node's Socket.IO; 62^20 of them cannot be guessed.
const ID_LENGTH: usize = 20;

/// Time that the close of a connection may take when the client does not read.
const CLOSE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(1);

pub(crate) struct Connection<T> {
    core: Arc<Core>,
    transport: T,
    remote: Option<String>,
    outbox: Arc<Outbox>,
    /// The sockets by namespace: a client may be in several over one connection.
    sockets: BTreeMap<String, Socket>,
    /// Packets that wait for the running handler.
    pending: VecDeque<Text>,
    pending_bytes: usize,
    running: Option<BoxFuture<'static, Result<(), HandlerPanicked>>>,
    heartbeat: Heartbeat,
    /// When the client has to be in a namespace; `None` once it is.
    connect_deadline: Option<Pin<Box<Sleep>>>,
    closing: BoxFuture<'static, ()>,
}

/// The server pings; the client has to answer. One absolute deadline at a time.
struct Heartbeat {
    timer: Pin<Box<Sleep>>,
    awaiting_pong: bool,
}

/// The next thing to do.
enum Turn {
    Read(Text),
    HandlerDone(Result<(), HandlerPanicked>),
    HeartbeatDue,
    End(DisconnectReason),
}

impl<T: Transport> Connection<T> {
    pub(crate) fn new(core: Arc<Core>, transport: T, remote: Option<String>) -> Self {
        let config = core.config();
        let now = Instant::now();
        Self {
            transport,
            remote,
            outbox: Arc::new(Outbox::new(config)),
            sockets: BTreeMap::new(),
            pending: VecDeque::new(),
            pending_bytes: 0,
            running: None,
            heartbeat: Heartbeat { timer: Box::pin(sleep_until(now + config.ping_interval)), awaiting_pong: false },
            connect_deadline: Some(Box::pin(sleep_until(now + config.connect_timeout))),
            closing: core.closing(),
            core,
        }
    }

    /// Serves the client until it is gone.
    pub(crate) async fn run(mut self) {
        self.greet();
        let reason = self.serve().await;
        self.close_sockets(reason);
        // The client may be unable to hear the farewell.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.say_goodbye(reason)).await;
    }

    /// What was emitted before the end still goes out, unless the client does not read anyway.
    async fn say_goodbye(&mut self, reason: DisconnectReason) {
        if !matches!(reason, DisconnectReason::SlowClient | DisconnectReason::TransportError) {
            poll_fn(|context| self.poll_drain(context)).await;
        }
        // An error means that the client is gone, which is what closing is about.
        let _ = self.transport.close().await;
    }

    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.poll_write(context).is_ready() {
            return Poll::Ready(());
        }
        let written = self.outbox.is_empty() && self.transport.poll_flush_unpin(context).is_ready();
        if written { Poll::Ready(()) } else { Poll::Pending }
    }

    fn greet(&self) {
        let config = self.core.config();
        let open = Open {
            sid: new_id(),
            upgrades: Vec::new(),
            ping_interval: millis(config.ping_interval),
            ping_timeout: millis(config.ping_timeout),
            max_payload: config.max_payload as u64,
        };
        let open = serde_json::to_string(&open).unwrap_or_default();
        self.outbox.push_control(engine::Packet::Open(&open).encode());
    }

    async fn serve(&mut self) -> DisconnectReason {
        loop {
            let outcome = match poll_fn(|context| self.poll_turn(context)).await {
                Turn::Read(text) => self.receive(text),
                Turn::HandlerDone(outcome) => self.resume(outcome),
                Turn::HeartbeatDue => self.beat(),
                Turn::End(reason) => Err(reason),
            };
            if let Err(reason) = outcome {
                return reason;
            }
        }
    }

    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Turn> {
        if let Poll::Ready(reason) = self.poll_write(context) {
            return Poll::Ready(Turn::End(reason));
        }
        if let Some(running) = &mut self.running
            && let Poll::Ready(outcome) = running.poll_unpin(context)
        {
            self.running = None;
            return Poll::Ready(Turn::HandlerDone(outcome));
        }
        if !self.is_busy()
            && let Poll::Ready(turn) = self.poll_read(context)
        {
            return Poll::Ready(turn);
        }
        if self.heartbeat.timer.poll_unpin(context).is_ready() {
            return Poll::Ready(Turn::HeartbeatDue);
        }
        if let Some(deadline) = &mut self.connect_deadline
            && deadline.poll_unpin(context).is_ready()
        {
            return Poll::Ready(Turn::End(DisconnectReason::TransportClose));
        }
        self.closing.poll_unpin(context).map(|()| Turn::End(DisconnectReason::ServerShutdown))
    }

    /// Moves what waits in the outbox to the transport; ready only when that came to an end.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<DisconnectReason> {
        loop {
            match self.transport.poll_ready_unpin(context) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(reason_of(&error)),
                Poll::Pending => {
                    // The transport is full, but an overflow must still be seen.
                    return self.outbox.poll_overflow(context).map(|()| DisconnectReason::SlowClient);
                }
            }
            let Poll::Ready(next) = self.outbox.poll_next(context) else { break };
            let Next::Packet(outgoing) = next else { return Poll::Ready(DisconnectReason::SlowClient) };
            if let Err(error) = self.transport.start_send_unpin(outgoing.text) {
                return Poll::Ready(reason_of(&error));
            }
            if let Some(counters) = outgoing.counters {
                counters.sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
        match self.transport.poll_flush_unpin(context) {
            Poll::Ready(Err(error)) => Poll::Ready(reason_of(&error)),
            _ => Poll::Pending,
        }
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Turn> {
        self.transport.poll_next_unpin(context).map(|item| match item {
            Some(Ok(text)) => Turn::Read(text),
            Some(Err(error)) => Turn::End(reason_of(&error)),
            None => Turn::End(DisconnectReason::TransportClose),
        })
    }

    /// Whether so much waits behind an async handler that the stream is not read.
    fn is_busy(&self) -> bool {
        let config = self.core.config();
        self.pending.len() >= config.pending_events || self.pending_bytes >= config.queue_bytes
    }

    fn beat(&mut self) -> Result<(), DisconnectReason> {
        // The client's answer may be there, unread.
        if self.heartbeat.awaiting_pong && !self.is_busy() {
            return Err(DisconnectReason::PingTimeout);
        }
        if self.heartbeat.awaiting_pong {
            self.heartbeat.timer.as_mut().reset(Instant::now() + self.core.config().ping_timeout);
            return Ok(());
        }
        self.outbox.push_control(engine::Packet::Ping("").encode());
        self.heartbeat.awaiting_pong = true;
        self.heartbeat.timer.as_mut().reset(Instant::now() + self.core.config().ping_timeout);
        Ok(())
    }

    fn pong(&mut self) {
        if self.heartbeat.awaiting_pong {
            self.heartbeat.awaiting_pong = false;
            self.heartbeat.timer.as_mut().reset(Instant::now() + self.core.config().ping_interval);
        }
    }

    fn receive(&mut self, text: Text) -> Result<(), DisconnectReason> {
        match engine::Packet::parse(&text) {
            Ok(engine::Packet::Pong(_)) => self.pong(),
            Ok(engine::Packet::Noop) => {}
            Ok(engine::Packet::Close) => return Err(DisconnectReason::TransportClose),
            Ok(engine::Packet::Message(message)) => {
                let packet = Packet::parse(message).map_err(|_| DisconnectReason::ParseError)?;
                // An async handler may be waiting for this very acknowledgement.
                if packet.kind == Kind::Ack {
                    return self.acknowledge(&packet);
                }
                if self.running.is_some() {
                    self.pending_bytes += text.len();
                    self.pending.push_back(text);
                } else {
                    return self.handle(&packet, text.len());
                }
            }
            Ok(engine::Packet::Open(_) | engine::Packet::Ping(_) | engine::Packet::Upgrade) | Err(_) => {
                return Err(DisconnectReason::ParseError);
            }
        }
        Ok(())
    }

    /// An async handler is through: on with what waited behind it, up to the next async handler.
    fn resume(&mut self, outcome: Result<(), HandlerPanicked>) -> Result<(), DisconnectReason> {
        outcome.map_err(|HandlerPanicked| DisconnectReason::HandlerPanic)?;
        while self.running.is_none()
            && let Some(text) = self.pending.pop_front()
        {
            self.pending_bytes -= text.len();
            self.receive(text)?;
        }
        Ok(())
    }

    fn handle(&mut self, packet: &Packet<'_>, bytes: usize) -> Result<(), DisconnectReason> {
        match packet.kind {
            Kind::Connect => self.connect(packet),
            Kind::Disconnect => {
                if let Some(socket) = self.sockets.remove(packet.namespace) {
                    socket.close(DisconnectReason::ClientDisconnect);
                }
                Ok(())
            }
            Kind::Event => self.event(packet, bytes),
            Kind::Ack => self.acknowledge(packet),
            Kind::ConnectError => Err(DisconnectReason::ParseError),
        }
    }

    fn connect(&mut self, packet: &Packet<'_>) -> Result<(), DisconnectReason> {
        let auth: Value =
            packet.data.map_or(Ok(Value::Null), |data| serde_json::from_str(data.get())).unwrap_or_default();
        let joined_already = self.sockets.get(packet.namespace).is_some_and(Socket::is_connected);
        if joined_already || !(auth.is_null() || auth.is_object()) {
            return Err(DisconnectReason::ParseError);
        }
        let Some(io) = self.core.io_of(packet.namespace) else {
            self.refuse(packet.namespace, "Invalid namespace");
            return Ok(());
        };
        let key = self.core.shared().next_key();
        let socket = Socket::new(key, SocketId::new(new_id()), auth, io.clone(), Arc::clone(&self.outbox));
        self.connect_deadline = None;
        self.sockets.insert(packet.namespace.to_owned(), socket.clone());
        self.accept(&io, &socket)
    }

    /// The reply is queued before the application's handlers run, so that it precedes what they emit;
    /// the client's first event is read after they ran, so that none is lost.
    fn accept(&mut self, io: &crate::Io, socket: &Socket) -> Result<(), DisconnectReason> {
        let namespace = io.namespace();
        self.reply(Kind::Connect, namespace.name(), &serde_json::json!({ "sid": socket.id().as_str() }));
        // Recorded first: as soon as it is a member, others may disconnect it.
        namespace.record(Event::Connect {
            socket: socket.id().to_string(),
            namespace: namespace.name().to_owned(),
            name: socket.handshake_auth().get("name").and_then(Value::as_str).map(str::to_owned),
            remote: self.remote.clone(),
        });
        namespace.add(socket.clone());
        for handler in namespace.connection_handlers() {
            let connected = || handler(socket.clone());
            socket.call("connection", connected).map_err(|HandlerPanicked| DisconnectReason::HandlerPanic)?;
        }
        Ok(())
    }

    fn refuse(&mut self, namespace: &str, message: &str) {
        self.reply(Kind::ConnectError, namespace, &serde_json::json!({ "message": message }));
        let (namespace, message) = (namespace.to_owned(), message.to_owned());
        self.core.shared().record(Event::ConnectError { namespace, message });
    }

    fn reply(&self, kind: Kind, namespace: &str, data: &Value) {
        let data = to_raw_value(data).ok();
        let packet = Packet { kind, namespace, id: None, data: data.as_deref() };
        self.outbox.push_control(engine::Packet::Message(&packet.encode()).encode());
    }

    fn event(&mut self, packet: &Packet<'_>, bytes: usize) -> Result<(), DisconnectReason> {
        let event = packet.event().map_err(|_| DisconnectReason::ParseError)?;
        let Some(socket) = self.sockets.get(packet.namespace) else { return Err(DisconnectReason::ParseError) };
        // The client may not know yet that the server disconnected it.
        if !socket.is_connected() {
            return Ok(());
        }
        let ack = packet.id.map(|id| PendingAck { socket: socket.clone(), id, answered: std::sync::OnceLock::new() });
        let payload = Payload::new(&event.arguments, ack);
        socket.count_received();
        self.core.shared().record(Event::Received {
            socket: socket.id().to_string(),
            name: event.name.clone(),
            payload: preview(payload.json()),
            bytes: bytes as u64,
            handled: socket.has_handler(&event.name),
        });
        match socket.handle(&event.name, payload) {
            Handled::Done(outcome) => outcome.map_err(|HandlerPanicked| DisconnectReason::HandlerPanic),
            Handled::Running(handler) => {
                self.running = Some(handler);
                Ok(())
            }
        }
    }

    fn acknowledge(&self, packet: &Packet<'_>) -> Result<(), DisconnectReason> {
        let (id, arguments) = packet.ack().map_err(|_| DisconnectReason::ParseError)?;
        let Some(socket) = self.sockets.get(packet.namespace) else { return Err(DisconnectReason::ParseError) };
        socket.resolve_ack(id, &arguments);
        Ok(())
    }
}

/// Whoever drops the future that serves a client must not leave a ghost in its rooms.
impl<T> Drop for Connection<T> {
    fn drop(&mut self) {
        self.close_sockets(DisconnectReason::TransportClose);
        self.outbox.close();
    }
}

impl<T> Connection<T> {
    fn close_sockets(&mut self, reason: DisconnectReason) {
        for socket in std::mem::take(&mut self.sockets).into_values() {
            socket.close(reason);
        }
    }
}

fn reason_of(error: &TransportError) -> DisconnectReason {
    match error {
        TransportError::Protocol(_) => DisconnectReason::ParseError,
        TransportError::Io(_) => DisconnectReason::TransportError,
    }
}

fn new_id() -> String {
    rand::rng().sample_iter(Alphanumeric).take(ID_LENGTH).map(char::from).collect()
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
