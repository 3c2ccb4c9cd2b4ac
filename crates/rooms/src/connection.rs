//! One client of Socket.IO, within its session: the namespaces that it is in, and the order of its events.
//!
//! While an async handler runs, packets are still read, so that acknowledgements and heartbeats get through;
//! events wait in order, as many as the configuration allows.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::codec::socket::{Kind, Packet};
use crate::encode;
use crate::io::Core;
use crate::observer::{Event, preview};
use crate::payload::{Payload, PendingAck};
use crate::session::{Data, Protocol};
use crate::sessions::{Handle, new_id};
use crate::socket::{DisconnectReason, Handled, HandlerPanicked, Socket, SocketId};

pub(crate) struct Connection {
    core: Arc<Core>,
    handle: Arc<Handle>,
    remote: Option<SocketAddr>,
    /// One for each namespace: a client may be in several over one connection.
    sockets: Vec<Socket>,
    /// A packet whose attachments are still to come.
    incomplete: Option<Incoming>,
    /// Packets that wait for the running handler.
    pending: VecDeque<Incoming>,
    pending_bytes: usize,
    running: Option<BoxFuture<'static, Result<(), HandlerPanicked>>>,
    /// When the client has to be in a namespace; `None` once it is.
    connect_deadline: Option<Pin<Box<Sleep>>>,
}

/// A packet, and the attachments that have come so far.
struct Incoming {
    text: String,
    attachments: Vec<Bytes>,
    missing: usize,
}

impl Incoming {
    fn bytes(&self) -> usize {
        self.text.len() + self.attachments.iter().map(Bytes::len).sum::<usize>()
    }
}

impl Protocol for Connection {
    fn receive(&mut self, data: Data<'_>) -> Result<(), DisconnectReason> {
        match (data, self.incomplete.take()) {
            (Data::Text(text), None) => self.receive_text(text),
            (Data::Binary(attachment), Some(mut incoming)) => {
                incoming.attachments.push(attachment);
                incoming.missing -= 1;
                if incoming.missing > 0 {
                    self.incomplete = Some(incoming);
                    return Ok(());
                }
                let packet = Packet::parse(&incoming.text).map_err(|_| DisconnectReason::ParseError)?;
                if !packet.has_fitting_placeholders() {
                    return Err(DisconnectReason::ParseError);
                }
                self.complete(&packet, &incoming.attachments, incoming.bytes())
            }
            (Data::Text(_), Some(_)) | (Data::Binary(_), None) => Err(DisconnectReason::ParseError),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), DisconnectReason>> {
        if let Some(running) = &mut self.running
            && let Poll::Ready(outcome) = running.poll_unpin(context)
        {
            self.running = None;
            return Poll::Ready(self.resume(outcome));
        }
        match &mut self.connect_deadline {
            Some(deadline) => deadline.poll_unpin(context).map(|()| Err(DisconnectReason::TransportClose)),
            None => Poll::Pending,
        }
    }

    /// Whether so much waits behind an async handler that nothing more is read.
    fn is_busy(&self) -> bool {
        let config = self.core.config();
        self.pending.len() >= config.pending_events || self.pending_bytes >= config.queue_bytes
    }

    fn close(&mut self, reason: DisconnectReason) {
        for socket in std::mem::take(&mut self.sockets) {
            socket.close(reason);
        }
        self.running = None;
    }
}

impl Connection {
    pub(crate) fn new(core: Arc<Core>, handle: Arc<Handle>, remote: Option<SocketAddr>) -> Self {
        let deadline = Instant::now() + core.config().connect_timeout;
        Self {
            core,
            handle,
            remote,
            sockets: Vec::new(),
            incomplete: None,
            pending: VecDeque::new(),
            pending_bytes: 0,
            running: None,
            connect_deadline: Some(Box::pin(sleep_until(deadline))),
        }
    }

    fn receive_text(&mut self, text: &str) -> Result<(), DisconnectReason> {
        let packet = Packet::parse(text).map_err(|_| DisconnectReason::ParseError)?;
        if packet.attachments > self.core.config().max_attachments {
            return Err(DisconnectReason::ParseError);
        }
        if packet.attachments > 0 {
            let missing = packet.attachments;
            self.incomplete = Some(Incoming { text: text.to_owned(), attachments: Vec::new(), missing });
            return Ok(());
        }
        self.complete(&packet, &[], text.len())
    }

    /// A packet and all its attachments are there.
    fn complete(&mut self, packet: &Packet<'_>, attachments: &[Bytes], bytes: usize) -> Result<(), DisconnectReason> {
        // An async handler may be waiting for this very acknowledgement.
        if matches!(packet.kind, Kind::Ack | Kind::BinaryAck) {
            return self.acknowledge(packet, attachments);
        }
        if self.running.is_some() {
            self.pending_bytes += bytes;
            let attachments = attachments.to_vec();
            self.pending.push_back(Incoming { text: packet.encode(), attachments, missing: 0 });
            return Ok(());
        }
        self.handle(packet, attachments, bytes)
    }

    /// An async handler is through: on with what waited behind it, up to the next async handler.
    fn resume(&mut self, outcome: Result<(), HandlerPanicked>) -> Result<(), DisconnectReason> {
        outcome.map_err(|HandlerPanicked| DisconnectReason::HandlerPanic)?;
        while self.running.is_none()
            && let Some(incoming) = self.pending.pop_front()
        {
            let bytes = incoming.bytes();
            self.pending_bytes = self.pending_bytes.saturating_sub(bytes);
            let packet = Packet::parse(&incoming.text).map_err(|_| DisconnectReason::ParseError)?;
            self.handle(&packet, &incoming.attachments, bytes)?;
        }
        Ok(())
    }

    fn handle(&mut self, packet: &Packet<'_>, attachments: &[Bytes], bytes: usize) -> Result<(), DisconnectReason> {
        match packet.kind {
            Kind::Connect => self.connect(packet),
            Kind::Disconnect => {
                if let Some(index) = self.position(packet.namespace) {
                    self.sockets.swap_remove(index).close(DisconnectReason::ClientDisconnect);
                }
                Ok(())
            }
            Kind::Event | Kind::BinaryEvent => self.event(packet, attachments, bytes),
            Kind::Ack | Kind::BinaryAck => self.acknowledge(packet, attachments),
            Kind::ConnectError => Err(DisconnectReason::ParseError),
        }
    }

    fn position(&self, namespace: &str) -> Option<usize> {
        self.sockets.iter().position(|socket| socket.io().namespace().name() == namespace)
    }

    fn socket(&self, namespace: &str) -> Option<&Socket> {
        self.position(namespace).map(|index| &self.sockets[index])
    }

    fn connect(&mut self, packet: &Packet<'_>) -> Result<(), DisconnectReason> {
        let auth: Value =
            packet.data.map_or(Ok(Value::Null), |data| serde_json::from_str(data.get())).unwrap_or_default();
        let joined_already = self.socket(packet.namespace).is_some_and(Socket::is_connected);
        if joined_already || !(auth.is_null() || auth.is_object()) {
            return Err(DisconnectReason::ParseError);
        }
        let Some(io) = self.core.io_of(packet.namespace) else {
            self.refuse(packet.namespace, "Invalid namespace");
            return Ok(());
        };
        self.sockets.retain(Socket::is_connected);
        if self.sockets.len() >= self.core.config().max_namespaces {
            self.refuse(packet.namespace, "Too many namespaces");
            return Ok(());
        }
        let key = self.core.shared().next_key();
        let socket = Socket::new(key, SocketId::new(new_id()), auth, io.clone(), Arc::clone(&self.handle));
        self.connect_deadline = None;
        self.sockets.push(socket.clone());
        self.accept(&io, &socket)
    }

    /// The reply is queued before the application's handlers run, so that it precedes what they emit;
    /// the client's first event is read after they ran, so that none is lost.
    fn accept(&mut self, io: &crate::Io, socket: &Socket) -> Result<(), DisconnectReason> {
        let namespace = io.namespace();
        self.reply(Kind::Connect, namespace.name(), &serde_json::json!({ "sid": socket.id().as_str() }));
        // Recorded first: as soon as it is a member, others may disconnect it.
        namespace.record(|| Event::Connect {
            socket: socket.id().to_string(),
            namespace: namespace.name().to_owned(),
            name: socket.handshake_auth().get("name").and_then(Value::as_str).map(str::to_owned),
            remote: self.remote.map(|address| address.to_string()),
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
        self.core.shared().record(|| Event::ConnectError { namespace, message });
    }

    fn reply(&self, kind: Kind, namespace: &str, data: &Value) {
        self.handle.outbox().push_control(encode::packet(kind, namespace, Some(data)));
    }

    fn event(&mut self, packet: &Packet<'_>, attachments: &[Bytes], bytes: usize) -> Result<(), DisconnectReason> {
        let event = packet.event().map_err(|_| DisconnectReason::ParseError)?;
        let Some(socket) = self.socket(packet.namespace) else { return Err(DisconnectReason::ParseError) };
        // The client may not know yet that the server disconnected it.
        if !socket.is_connected() {
            return Ok(());
        }
        let ack = packet.id.map(|id| PendingAck { socket: socket.clone(), id, answered: std::sync::OnceLock::new() });
        let payload = Payload::new(&event.arguments, attachments.to_vec(), ack);
        socket.count_received();
        self.core.shared().record(|| Event::Received {
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

    fn acknowledge(&self, packet: &Packet<'_>, attachments: &[Bytes]) -> Result<(), DisconnectReason> {
        let (id, arguments) = packet.ack().map_err(|_| DisconnectReason::ParseError)?;
        let Some(socket) = self.socket(packet.namespace) else { return Err(DisconnectReason::ParseError) };
        socket.resolve_ack(id, &Payload::new(&arguments, attachments.to_vec(), None));
        Ok(())
    }
}
