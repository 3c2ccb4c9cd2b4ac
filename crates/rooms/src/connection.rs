//! One client of Socket.IO, within its session: the namespaces that it is in, and the order of its events.
//!
//! While an async handler runs, packets are still read, so that acknowledgements and heartbeats get through;
//! events wait in order, as many as the configuration allows.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::arguments::Arguments;
use crate::bounded;
use crate::codec::socket::Kind;
use crate::encode;
use crate::guard::{ConnectError, Rejection, judge};
use crate::identity::{Identity, SocketId, new_id};
use crate::incoming::{Content, Incoming};
use crate::intake::Intake;
use crate::io::{Core, Io};
use crate::memory::{Holding, Share, memory_of};
use crate::namespaces::NoEntry;
use crate::observer::{Event, preview};
use crate::panic::HandlerPanicked;
use crate::payload::{Asked, Payload, PendingAck};
use crate::reason::DisconnectReason;
use crate::recovery::{Claim, NotRecovered, Returning};
use crate::session::{Data, Protocol};
use crate::sessions::Handle;
use crate::socket::{Handled, Inherited, SOCKET, Socket};

pub(crate) struct Connection {
    core: Arc<Core>,
    handle: Arc<Handle>,
    remote: Option<SocketAddr>,
    /// One for each namespace: a client may be in several over one connection.
    sockets: Vec<Socket>,
    /// Packets that it has sent and that are not handled yet.
    intake: Intake,
    /// The memory that the sockets take.
    memory: Holding,
    running: Option<Running>,
    /// The deadline for joining a namespace; `None` once the client has joined one.
    connect_deadline: Option<Pin<Box<Sleep>>>,
}

/// Application code that is running and not finished yet.
enum Running {
    Handler(BoxFuture<'static, Result<(), HandlerPanicked>>),
    /// The end of the socket that the client had before.
    Predecessor(Arrival, BoxFuture<'static, Result<(), Rejection>>),
    Guards(Entrant, BoxFuture<'static, Result<(), Rejection>>),
}

/// A client that is about to enter a namespace, in which a place is reserved for it.
struct Arrival {
    io: Io,
    auth: Value,
    /// Its claim to an earlier socket, if it says that it is coming back.
    claim: Option<Claim>,
}

/// A socket that is not let in yet.
struct Entrant {
    socket: Socket,
    /// The remembered state, if its client has come back.
    returning: Option<Returning>,
}

impl Protocol for Connection {
    fn receive(&mut self, data: Data<'_>) -> Result<(), DisconnectReason> {
        match self.intake.take(data)? {
            Some(incoming) => self.complete(incoming),
            None => Ok(()),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), DisconnectReason>> {
        if let Poll::Ready(incoming) = self.intake.poll(context) {
            return Poll::Ready(incoming.and_then(|incoming| self.complete(incoming)));
        }
        if let Poll::Ready(outcome) = self.poll_running(context) {
            return Poll::Ready(outcome.and_then(|()| self.resume()));
        }
        match &mut self.connect_deadline {
            Some(deadline) => deadline.poll_unpin(context).map(|()| Err(DisconnectReason::TransportClose)),
            None => Poll::Pending,
        }
    }

    fn is_busy(&self) -> bool {
        self.intake.is_busy()
    }

    fn is_waiting(&self) -> bool {
        self.connect_deadline.is_some()
    }

    fn close(&mut self, reason: DisconnectReason) {
        for socket in std::mem::take(&mut self.sockets) {
            socket.close(reason);
        }
        match self.running.take() {
            Some(Running::Guards(entrant, _)) => entrant.turn_away(),
            Some(Running::Predecessor(arrival, _)) => {
                self.core.namespaces().leave(arrival.io.namespace().name());
            }
            Some(Running::Handler(_)) | None => {}
        }
    }
}

impl Entrant {
    /// The client is refused. Its remembered state is kept.
    fn turn_away(self) {
        if let Some(returning) = self.returning {
            self.socket.io().namespace().put_back(returning);
        }
        self.socket.close(DisconnectReason::ServerDisconnect);
    }
}

impl Connection {
    pub(crate) fn new(core: Arc<Core>, handle: Arc<Handle>, remote: Option<SocketAddr>) -> Self {
        let deadline = Instant::now() + core.config().connect_timeout;
        Self {
            intake: Intake::new(Arc::clone(core.shared()), core.reader().clone()),
            memory: core.shared().pool().holding(Share::Sockets),
            core,
            handle,
            remote,
            sockets: Vec::new(),
            running: None,
            connect_deadline: Some(Box::pin(sleep_until(deadline))),
        }
    }

    fn complete(&mut self, incoming: Incoming) -> Result<(), DisconnectReason> {
        // An async handler may be waiting for this very acknowledgement.
        let waits = self.running.is_some() && !matches!(incoming.content, Content::Ack { .. });
        if waits {
            return self.intake.queue(incoming);
        }
        self.handle(incoming)?;
        self.intake.let_go(self.running.is_none());
        Ok(())
    }

    fn poll_running(&mut self, context: &mut Context<'_>) -> Poll<Result<(), DisconnectReason>> {
        let outcome = match &mut self.running {
            None => return Poll::Pending,
            Some(Running::Handler(handler)) => ready!(handler.poll_unpin(context)).map_err(Rejection::Panicked),
            Some(Running::Predecessor(_, future) | Running::Guards(_, future)) => ready!(future.poll_unpin(context)),
        };
        Poll::Ready(match (self.running.take(), outcome) {
            (Some(Running::Predecessor(arrival, _)), _) => self.arrive(arrival),
            (Some(Running::Guards(entrant, _)), Ok(())) => self.accept(entrant),
            (Some(Running::Guards(entrant, _)), Err(rejection)) => self.reject(entrant, rejection),
            (_, Ok(())) => Ok(()),
            (_, Err(_)) => Err(DisconnectReason::HandlerPanic),
        })
    }

    /// The running code has finished: handles the packets that waited behind it, up to the next async handler.
    fn resume(&mut self) -> Result<(), DisconnectReason> {
        while self.running.is_none()
            && let Some(incoming) = self.intake.next()
        {
            self.handle(incoming)?;
        }
        self.intake.let_go(self.running.is_none());
        Ok(())
    }

    fn handle(&mut self, Incoming { namespace, content, bytes, memory }: Incoming) -> Result<(), DisconnectReason> {
        match content {
            Content::Connect(auth) => self.connect(&namespace, auth.as_deref()),
            Content::Disconnect => {
                if let Some(index) = self.position(&namespace) {
                    self.sockets.swap_remove(index).close(DisconnectReason::ClientDisconnect);
                    self.hold_sockets_and(0);
                }
                Ok(())
            }
            Content::Event { name, id, arguments } => {
                self.event(&namespace, &name, id, arguments, bytes)?;
                if self.running.is_some() { self.intake.hand_over(memory) } else { Ok(()) }
            }
            Content::Ack { id, arguments } => self.acknowledge(&namespace, id, arguments),
        }
    }

    fn position(&self, namespace: &str) -> Option<usize> {
        self.sockets.iter().position(|socket| socket.io().namespace().name() == namespace)
    }

    fn socket(&self, namespace: &str) -> Option<&Socket> {
        self.position(namespace).map(|index| &self.sockets[index])
    }

    fn connect(&mut self, namespace: &str, auth: Option<&RawValue>) -> Result<(), DisconnectReason> {
        let joined_already = self.socket(namespace).is_some_and(Socket::is_connected);
        let config = self.core.config();
        let auth = auth.map_or("null", RawValue::get);
        if joined_already || !(auth == "null" || auth.starts_with('{')) {
            return Err(DisconnectReason::ParseError);
        }
        if auth.len() > config.max_auth {
            let bytes = config.max_auth;
            self.refuse(namespace, &format!("The auth payload has more than {bytes} bytes").into());
            return Ok(());
        }
        self.sockets.retain(Socket::is_connected);
        if self.sockets.len() >= config.max_namespaces {
            self.refuse(namespace, &"Too many namespaces".into());
            return Ok(());
        }
        let mut auth = bounded::value(auth).unwrap_or_default();
        if !self.hold_sockets_and(SOCKET + memory_of(&auth)) {
            self.refuse(namespace, &"The server has no memory left for more".into());
            return Ok(());
        }
        let io = match self.core.enter(namespace) {
            Ok(io) => io,
            Err(NoEntry(reason)) => {
                self.hold_sockets_and(0);
                self.refuse(namespace, &reason.into());
                return Ok(());
            }
        };
        let claim = self.core.config().recovery.and(Claim::take_from(&mut auth));
        let predecessor = claim.as_ref().and_then(|claim| io.namespace().predecessor(&claim.pid));
        let arrival = Arrival { io, auth, claim };
        match predecessor {
            Some(socket) => self.succeed(socket, arrival),
            None => self.arrive(arrival),
        }
    }

    /// Reserves the memory of the sockets and of `another` one; returns whether there is enough.
    fn hold_sockets_and(&mut self, another: usize) -> bool {
        let sockets: usize = self.sockets.iter().map(Socket::memory).sum();
        self.memory.fits(sockets + another)
    }

    /// Ends the socket that the client had before, and goes on once it has ended: another thread may be ending it
    /// already.
    fn succeed(&mut self, predecessor: Socket, arrival: Arrival) -> Result<(), DisconnectReason> {
        predecessor.supersede();
        if predecessor.has_ended() {
            return self.arrive(arrival);
        }
        let ended = async move { predecessor.ended().await };
        let ended = timeout(self.core.config().connect_timeout, ended).map(|_| Ok(()));
        self.running = Some(Running::Predecessor(arrival, ended.boxed()));
        Ok(())
    }

    fn arrive(&mut self, arrival: Arrival) -> Result<(), DisconnectReason> {
        let entrant = self.entrant(arrival);
        let guards = entrant.socket.io().namespace().guards();
        if guards.is_empty() {
            return self.accept(entrant);
        }
        let verdict = timeout(self.core.config().connect_timeout, judge(guards, entrant.socket.clone()));
        let too_slow = || Err(Rejection::Refused("The server could not decide in time".into()));
        let verdict = verdict.map(move |verdict| verdict.unwrap_or_else(|_| too_slow()));
        self.running = Some(Running::Guards(entrant, verdict.boxed()));
        Ok(())
    }

    /// A new socket, or the one that the client had before.
    fn entrant(&self, Arrival { io, auth, claim }: Arrival) -> Entrant {
        let recalled = claim.map(|claim| io.namespace().recall(&claim.pid, claim.offset.as_deref()));
        let returning = match recalled {
            Some(Err(reason)) => {
                self.record_not_recovered(io.namespace().name(), reason);
                None
            }
            Some(Ok(returning)) => Some(returning),
            None => None,
        };
        let known = returning.as_ref().map(|Returning { absent, .. }| {
            let inherited = Inherited { data: absent.data.clone(), next_ack: absent.next_ack };
            (absent.identity.clone(), inherited)
        });
        let (identity, inherited) = known.unwrap_or_else(|| {
            let identity = Identity { key: self.core.shared().next_key(), id: SocketId::new(new_id()) };
            (identity, Inherited::default())
        });
        Entrant { socket: Socket::new(identity, inherited, auth, io, Arc::clone(&self.handle)), returning }
    }

    /// The reply is queued before the application's handlers run, so that it precedes what they emit; the client's
    /// first event is read after they have run, so that none is lost.
    fn accept(&mut self, entrant: Entrant) -> Result<(), DisconnectReason> {
        let Entrant { socket, returning } = entrant;
        let namespace = socket.io().namespace();
        let admitted = namespace.admit(&socket, returning, |pid| {
            let mut reply = serde_json::json!({ "sid": socket.id().as_str() });
            if let Some(pid) = pid {
                reply["pid"] = pid.into();
            }
            self.reply(Kind::Connect, namespace.name(), &reply);
            socket.let_in();
            namespace.record(|| Event::Connect {
                socket: socket.id().to_string(),
                namespace: namespace.name().to_owned(),
                name: socket.name(),
                remote: self.remote.map(|address| address.to_string()),
            });
        });
        if let Err(reason) = admitted {
            self.record_not_recovered(namespace.name(), reason);
            socket.close(DisconnectReason::ServerDisconnect);
            // The client will connect again, as a new socket.
            return Err(DisconnectReason::TransportClose);
        }
        self.connect_deadline = None;
        self.sockets.push(socket.clone());
        for handler in namespace.connection_handlers() {
            let connected = || handler(socket.clone());
            socket.call("connection", connected).map_err(|HandlerPanicked| DisconnectReason::HandlerPanic)?;
        }
        Ok(())
    }

    fn reject(&mut self, entrant: Entrant, rejection: Rejection) -> Result<(), DisconnectReason> {
        let namespace = entrant.socket.io().namespace().name().to_owned();
        entrant.turn_away();
        self.hold_sockets_and(0);
        match rejection {
            Rejection::Refused(error) => {
                self.refuse(&namespace, &error);
                Ok(())
            }
            Rejection::Panicked(HandlerPanicked) => Err(DisconnectReason::HandlerPanic),
        }
    }

    fn record_not_recovered(&self, namespace: &str, reason: NotRecovered) {
        let (namespace, reason) = (namespace.to_owned(), reason.to_string());
        self.core.shared().record(|| Event::NotRecovered { namespace, reason });
    }

    fn refuse(&self, namespace: &str, error: &ConnectError) {
        self.reply(Kind::ConnectError, namespace, &serde_json::json!(error));
        let (namespace, message) = (namespace.to_owned(), error.message().to_owned());
        self.core.shared().record(|| Event::ConnectError { namespace, message });
    }

    fn reply(&self, kind: Kind, namespace: &str, data: &Value) {
        self.handle.outbox().push_control(encode::packet(kind, namespace, Some(data)));
    }

    fn event(
        &mut self,
        namespace: &str,
        name: &str,
        id: Option<u64>,
        arguments: Arguments,
        bytes: usize,
    ) -> Result<(), DisconnectReason> {
        let Some(socket) = self.socket(namespace) else { return Err(DisconnectReason::ParseError) };
        // The client may not know yet that the server disconnected it.
        if !socket.is_connected() {
            return Ok(());
        }
        let asked = match id {
            Some(id) => Asked::Waits(PendingAck { socket: socket.clone(), id, answered: OnceLock::new() }),
            None => Asked::No { shared: Arc::clone(self.core.shared()), socket: socket.id().clone() },
        };
        let payload = Payload::new(arguments, asked, self.core.shared().pool());
        socket.count_received();
        self.core.shared().record(|| Event::Received {
            socket: socket.id().to_string(),
            name: name.to_owned(),
            payload: preview(payload.json()),
            bytes: bytes as u64,
            handled: socket.has_handler(name),
        });
        match socket.handle(name, payload) {
            Handled::Done(outcome) => outcome.map_err(|HandlerPanicked| DisconnectReason::HandlerPanic),
            Handled::Running(handler) => {
                self.running = Some(Running::Handler(handler));
                Ok(())
            }
        }
    }

    fn acknowledge(&self, namespace: &str, id: u64, arguments: Arguments) -> Result<(), DisconnectReason> {
        let Some(socket) = self.socket(namespace) else { return Err(DisconnectReason::ParseError) };
        socket.resolve_ack(id, || Payload::new(arguments, Asked::Answer, self.core.shared().pool()));
        Ok(())
    }
}
