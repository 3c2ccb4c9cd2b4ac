//! One client of Engine.IO: from the open packet to the close, over whichever transport carries it.
//!
//! A session is one task. Each turn of its loop does the first thing that is ready: write what waits, go on with a
//! handler, read a packet, keep the heartbeat. The content of the messages is the business of a [`Protocol`].
//!
//! Writing waits until every task that is about to run has run. Many of them may emit to this client, and
//! one system call then carries it all: under load this is what makes a broadcast cheap.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::codec::engine::{self, Open};
use crate::config::Config;
use crate::frames::Frames;
use crate::outbox::Status;
use crate::reason::DisconnectReason;
use crate::sessions::{Handle, Registration};
use crate::transport::carrier::Carrier;
use crate::transport::websocket::Written;
use crate::transport::{Message, TransportError, close_code, turn};

/// Time that the close of a session may take when the client does not read.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The protocol inside the messages of a session.
pub(crate) trait Protocol: Send {
    /// Handles a message of the client.
    ///
    /// # Errors
    ///
    /// The reason to end the session.
    fn receive(&mut self, data: Data<'_>) -> Result<(), DisconnectReason>;

    /// Goes on with work that takes time; ready when there was progress.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), DisconnectReason>>;

    /// Whether nothing can be received for now.
    fn is_busy(&self) -> bool;

    /// Whether the client has not joined anything yet.
    fn is_waiting(&self) -> bool;

    /// The session is over.
    fn close(&mut self, reason: DisconnectReason);
}

/// The data of a message.
#[derive(Debug)]
pub(crate) enum Data<'a> {
    Text(&'a str),
    Binary(Bytes),
}

pub(crate) struct Session {
    registration: Registration,
    transport: Carrier,
    protocol: Box<dyn Protocol>,
    heartbeat: Heartbeat,
    /// The deadline by which the stream has to take something, if it takes nothing now.
    write_deadline: Option<Pin<Box<Sleep>>>,
    write_timeout: Duration,
    /// Whether the other tasks have had a turn since something began to wait.
    round_is_over: bool,
    /// Messages taken in this turn, and their bytes.
    turn_messages: usize,
    turn_bytes: usize,
    /// The last answer of [`Protocol::is_waiting`].
    is_waiting: bool,
    /// The close code for an end that the transport caused.
    close_code: Option<u16>,
}

/// The server pings; the client has to answer. There is one absolute deadline at a time.
struct Heartbeat {
    timer: Pin<Box<Sleep>>,
    awaiting_pong: bool,
    interval: Duration,
    timeout: Duration,
}

/// The next thing to do.
enum Turn {
    Received(Message),
    /// Something waits to be written.
    Yield,
    Progress(Result<(), DisconnectReason>),
    HeartbeatDue,
    End(DisconnectReason),
}

impl Session {
    /// A client that was let in; its open packet is queued.
    pub(crate) fn new(
        config: &Config,
        registration: Registration,
        transport: Carrier,
        protocol: Box<dyn Protocol>,
    ) -> Self {
        // The deadline is taken before the client can know of its session.
        let heartbeat = Heartbeat::new(config);
        let open = Open {
            sid: registration.handle().id().to_owned(),
            upgrades: transport.upgrades(),
            ping_interval: millis(config.ping_interval),
            ping_timeout: millis(config.ping_timeout),
            max_payload: config.max_payload as u64,
        };
        let open = serde_json::to_string(&open).unwrap_or_default();
        registration.handle().outbox().push_control(Frames::text(&engine::Packet::Open(&open).encode()));
        Self {
            registration,
            transport,
            protocol,
            heartbeat,
            write_deadline: None,
            write_timeout: config.write_timeout,
            round_is_over: false,
            turn_messages: 0,
            turn_bytes: 0,
            is_waiting: true,
            close_code: None,
        }
    }

    /// Serves the client until it is gone.
    pub(crate) async fn run(mut self) {
        let reason = self.serve().await;
        self.protocol.close(reason);
        let patient = matches!(reason, DisconnectReason::ServerShutdown | DisconnectReason::ServerDisconnect);
        if !patient {
            self.registration.forget();
        }
        // The client may be unable to read the farewell.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.say_goodbye(reason, patient)).await;
        self.registration.handle().outbox().close();
    }

    async fn serve(&mut self) -> DisconnectReason {
        loop {
            self.settle();
            let turn = poll_fn(|context| self.poll_turn(context)).await;
            self.handle().outbox().attend();
            let outcome = match turn {
                Turn::Received(message) => {
                    self.turn_bytes += message.len();
                    self.turn_messages += 1;
                    let outcome = self.receive(message);
                    self.settle();
                    if self.turn_messages >= turn::MESSAGES || self.turn_bytes >= turn::BYTES {
                        (self.turn_messages, self.turn_bytes) = (0, 0);
                        tokio::task::yield_now().await;
                    }
                    outcome
                }
                Turn::Progress(outcome) => outcome,
                Turn::HeartbeatDue => self.beat(),
                Turn::End(reason) => Err(reason),
                Turn::Yield => {
                    tokio::task::yield_now().await;
                    self.round_is_over = true;
                    Ok(())
                }
            };
            if let Err(reason) = outcome {
                return reason;
            }
        }
    }

    /// A client that has joined something is no longer displaced.
    fn settle(&mut self) {
        if self.is_waiting && !self.protocol.is_waiting() {
            self.is_waiting = false;
            self.registration.settle();
        }
    }

    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Turn> {
        let status = self.handle().outbox().poll_status(context);
        if let Status::Ended(reason) = status {
            return Poll::Ready(Turn::End(reason));
        }
        let mut waits = status != Status::Empty;
        let mut blocked = false;
        let due = self.round_is_over || status == Status::Pressing;
        if due && (waits || self.transport.has_unsent()) && self.transport.is_writable() {
            if let Err(error) = self.write(context) {
                return Poll::Ready(Turn::End(self.failed(&error)));
            }
            waits = false;
            // Then the stream wakes this task as soon as it takes more.
            blocked = self.round_is_over;
        }
        if let Poll::Ready(outcome) = self.protocol.poll(context) {
            return Poll::Ready(Turn::Progress(outcome));
        }
        // A polling client has to come for its messages. One request of it can cause more answers than the queue holds,
        // so the rest of the request has to wait, too.
        let is_full = waits && status == Status::Pressing;
        let busy = is_full || self.protocol.is_busy();
        if let Poll::Ready(read) = self.transport.poll_read(context, busy) {
            return Poll::Ready(match read {
                Some(Ok(message)) => Turn::Received(message),
                Some(Err(error)) => Turn::End(self.failed(&error)),
                None => Turn::End(DisconnectReason::TransportClose),
            });
        }
        // Reading may have caused a write, such as the answer to a ping.
        if !blocked && (waits || self.transport.has_unsent()) && self.transport.is_writable() {
            return Poll::Ready(Turn::Yield);
        }
        if self.heartbeat.timer.poll_unpin(context).is_ready() {
            return Poll::Ready(Turn::HeartbeatDue);
        }
        match &mut self.write_deadline {
            Some(deadline) => deadline.poll_unpin(context).map(|()| Turn::End(DisconnectReason::SlowClient)),
            None => Poll::Pending,
        }
    }

    fn write(&mut self, context: &mut Context<'_>) -> Result<(), TransportError> {
        let written = self.transport.write(context, self.registration.handle().outbox())?;
        self.round_is_over = written != Written::All;
        match (written, &mut self.write_deadline) {
            (Written::All, _) => self.write_deadline = None,
            (Written::Nothing, Some(_)) => {}
            (Written::Some, Some(deadline)) => deadline.as_mut().reset(Instant::now() + self.write_timeout),
            (_, None) => self.write_deadline = Some(Box::pin(sleep_until(Instant::now() + self.write_timeout))),
        }
        Ok(())
    }

    fn receive(&mut self, message: Message) -> Result<(), DisconnectReason> {
        let text = match message {
            Message::Binary(data) => return self.protocol.receive(Data::Binary(data)),
            Message::Text(text) => text,
        };
        match engine::Packet::parse(&text) {
            Ok(engine::Packet::Message(message)) => self.protocol.receive(Data::Text(message)),
            Ok(engine::Packet::Pong(_)) => {
                self.heartbeat.pong();
                Ok(())
            }
            Ok(engine::Packet::Noop) => Ok(()),
            Ok(engine::Packet::Close) => {
                self.transport.close_by_client();
                Err(DisconnectReason::TransportClose)
            }
            Ok(engine::Packet::Open(_) | engine::Packet::Ping(_) | engine::Packet::Upgrade) | Err(_) => {
                Err(DisconnectReason::ParseError)
            }
        }
    }

    fn beat(&mut self) -> Result<(), DisconnectReason> {
        if !self.heartbeat.awaiting_pong {
            self.handle().outbox().push_control(Frames::text("2"));
        } else if !self.protocol.is_busy() {
            return Err(DisconnectReason::PingTimeout);
        }
        // While the protocol is busy, the client's answer may have arrived but not been read.
        self.heartbeat.await_pong();
        Ok(())
    }

    /// Events that were emitted before the end are still written, unless the client does not read anyway.
    async fn say_goodbye(&mut self, reason: DisconnectReason, patient: bool) {
        let hopeless = matches!(
            reason,
            DisconnectReason::SlowClient | DisconnectReason::ServerFull | DisconnectReason::TransportError
        );
        let code = self.close_code.unwrap_or(close_code_of(reason));
        let handle = Arc::clone(self.registration.handle());
        if !hopeless {
            poll_fn(|context| self.transport.poll_drain(context, handle.outbox())).await;
        }
        self.transport.start_close(code, reason.as_str());
        poll_fn(|context| self.transport.poll_closed(context, handle.outbox(), patient)).await;
    }

    fn failed(&mut self, error: &TransportError) -> DisconnectReason {
        let reason = match error {
            TransportError::Protocol { code, .. } => {
                self.close_code = Some(*code);
                DisconnectReason::ParseError
            }
            TransportError::NoMemory => DisconnectReason::ServerFull,
            TransportError::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                DisconnectReason::TransportClose
            }
            TransportError::Io(_) => DisconnectReason::TransportError,
        };
        // Its words may repeat what the client sent, and its id lets a stranger into the session: neither is for a log.
        tracing::debug!(code = self.close_code, io = ?error.io_kind(), "{}: a transport failed", reason.as_str());
        reason
    }

    fn handle(&self) -> &Handle {
        self.registration.handle()
    }
}

/// Dropping the future that serves a client must not leave a ghost in its rooms.
impl Drop for Session {
    fn drop(&mut self) {
        self.protocol.close(DisconnectReason::TransportClose);
        self.handle().outbox().close();
    }
}

impl Heartbeat {
    fn new(config: &Config) -> Self {
        let (interval, timeout) = (config.ping_interval, config.ping_timeout);
        Self { timer: Box::pin(sleep_until(Instant::now() + interval)), awaiting_pong: false, interval, timeout }
    }

    /// The time to answer begins when the ping was due, so that a session ends when its client expects it. If the
    /// process was suspended, it counts from now.
    fn await_pong(&mut self) {
        self.awaiting_pong = true;
        let (due, now) = (self.timer.deadline(), Instant::now());
        let start = if now - due < self.timeout / 4 { due } else { now };
        self.timer.as_mut().reset(start + self.timeout);
    }

    fn pong(&mut self) {
        if self.awaiting_pong {
            self.awaiting_pong = false;
            self.timer.as_mut().reset(Instant::now() + self.interval);
        }
    }
}

fn close_code_of(reason: DisconnectReason) -> u16 {
    match reason {
        DisconnectReason::ServerShutdown => close_code::GOING_AWAY,
        DisconnectReason::HandlerPanic => close_code::INTERNAL_ERROR,
        DisconnectReason::ServerFull => close_code::TRY_AGAIN_LATER,
        DisconnectReason::ParseError | DisconnectReason::SlowClient | DisconnectReason::PingTimeout => {
            close_code::POLICY_VIOLATION
        }
        DisconnectReason::ClientDisconnect
        | DisconnectReason::ServerDisconnect
        | DisconnectReason::TransportClose
        | DisconnectReason::TransportError => close_code::NORMAL,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
