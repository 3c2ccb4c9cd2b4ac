//! One Socket.IO client on any byte stream.
//!
//! A task owns the stream: it answers heartbeats, reads what arrives and carries out commands. Its owner sends the
//! commands and takes what has arrived, so that a script sets the pace.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rooms::codec::engine;
use rooms::codec::socket::{Kind, Packet};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WebSocketError, Message};

use crate::network::{ByteStream, Network};

/// How long to wait for a server that should answer at once.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A namespace that no server has, for [`Client::settle`].
const BARRIER_NAMESPACE: &str = "/rtws-barrier-";

/// A message that is not a Socket.IO packet: no kind has this number.
const NO_PACKET: &str = "9";

/// Bytes that are read at a time. The buffer is cleared before each reading, and with the usual 128 KiB that took more
/// than half the time of a scenario.
const READ_BUFFER: usize = 4 * 1024;

/// Whether a namespace is one that [`Client::settle`] asks for.
pub fn is_barrier(namespace: &str) -> bool {
    namespace.starts_with(BARRIER_NAMESPACE)
}

type Socket = WebSocketStream<Box<dyn ByteStream>>;

/// Something that reached the client.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming {
    /// An event.
    Event {
        /// Its name.
        name: String,
        /// Its arguments.
        arguments: Vec<Value>,
    },
    /// The answer to an event that asked for one.
    Ack {
        /// The number that [`Client::emit_with_ack`] returned.
        id: u64,
        /// Its arguments.
        arguments: Vec<Value>,
    },
    /// The server made the client leave its namespace.
    Disconnected,
    /// The connection is over.
    Closed,
}

/// A message that arrived, and the number with which to [answer](Client::answer) it, if it is an event that asks for an
/// answer.
pub type Arrived = (Incoming, Option<u64>);

/// Why a client could not connect.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody listens there, or the stream broke.
    #[error("no connection: {0}")]
    Io(#[from] std::io::Error),
    /// The server is not a Socket.IO server, or refuses the request.
    #[error("the server refused the WebSocket: {0}")]
    Refused(String),
    /// The server refused the namespace.
    #[error("the server answered connect_error: {0}")]
    ConnectError(String),
    /// The server sent something that the protocol does not allow here.
    #[error("this is not a Socket.IO v5 server: it sent `{0}`")]
    Protocol(String),
    /// Nothing came.
    #[error("the server did not answer within {} s", ANSWER_TIMEOUT.as_secs())]
    Timeout,
}

/// How a client ends its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// It leaves its namespace and closes the connection.
    Disconnect,
    /// It closes the connection, as a browser does when its page is left.
    Close,
    /// The stream ends without a word.
    Drop,
    /// It sends something that is not a packet, so that the server ends the connection.
    Garble,
}

impl Departure {
    /// The key of a step that does so.
    pub fn key(self) -> &'static str {
        match self {
            Self::Disconnect => "disconnect",
            Self::Close => "close",
            Self::Drop => "drop",
            Self::Garble => "garble",
        }
    }
}

/// The commands of the owner to the task.
enum Command {
    Send(String),
    Barrier { namespace: String, reached: oneshot::Sender<()> },
    Stall,
    Resume,
    Depart { departure: Departure, done: oneshot::Sender<()> },
}

/// A connected client.
#[derive(Debug)]
pub struct Client {
    socket_id: String,
    namespace: String,
    commands: mpsc::UnboundedSender<Command>,
    incoming: mpsc::UnboundedReceiver<Arrived>,
    /// The events that asked for an answer and have none yet: name and number.
    unanswered: Vec<(String, u64)>,
    next_ack: u64,
    next_barrier: u64,
    stalled: bool,
}

impl Client {
    /// Connects and joins a namespace.
    ///
    /// # Errors
    ///
    /// [`ConnectError`]; all of them name the cause.
    pub async fn connect(network: &Network, namespace: &str, auth: Option<&Value>) -> Result<Self, ConnectError> {
        tokio::time::timeout(ANSWER_TIMEOUT, Self::handshake(network, namespace, auth))
            .await
            .map_err(|_| ConnectError::Timeout)?
    }

    async fn handshake(network: &Network, namespace: &str, auth: Option<&Value>) -> Result<Self, ConnectError> {
        let mut socket = open_websocket(network).await?;
        let data = auth.and_then(|auth| to_raw_value(auth).ok());
        let packet = Packet { kind: Kind::Connect, attachments: 0, namespace, id: None, data: data.as_deref() };
        let text = read_text(&mut socket).await?;
        if !matches!(engine::Packet::parse(&text), Ok(engine::Packet::Open(_))) {
            return Err(ConnectError::Protocol(text));
        }
        let connect = engine::Packet::Message(&packet.encode()).encode();
        socket.send(Message::text(connect)).await.map_err(refused)?;
        let socket_id = loop {
            let text = read_text(&mut socket).await?;
            match engine::Packet::parse(&text) {
                Ok(engine::Packet::Ping(data)) => {
                    let pong = engine::Packet::Pong(data).encode();
                    socket.send(Message::text(pong)).await.map_err(refused)?;
                }
                Ok(engine::Packet::Message(message)) => break socket_id_of(message)?,
                _ => return Err(ConnectError::Protocol(text)),
            }
        };
        let (commands, receiver) = mpsc::unbounded_channel();
        let (sender, incoming) = mpsc::unbounded_channel();
        let driver = Driver {
            socket,
            namespace: namespace.to_owned(),
            incoming: sender,
            barriers: HashMap::new(),
            stalled: false,
        };
        tokio::spawn(driver.run(receiver));
        Ok(Self {
            socket_id,
            namespace: namespace.to_owned(),
            commands,
            incoming,
            unanswered: Vec::new(),
            next_ack: 0,
            next_barrier: 0,
            stalled: false,
        })
    }

    /// The id that the server gave this socket.
    pub fn socket_id(&self) -> &str {
        &self.socket_id
    }

    /// Sends an event; `None` sends it without a payload.
    pub fn emit(&self, event: &str, payload: Option<&Value>) {
        self.send_event(event, payload, None);
    }

    /// Sends an event and asks for an answer, which comes as [`Incoming::Ack`] with the returned id.
    pub fn emit_with_ack(&mut self, event: &str, payload: Option<&Value>) -> u64 {
        let id = self.next_ack;
        self.next_ack += 1;
        self.send_event(event, payload, Some(id));
        id
    }

    /// Sends an event with a payload as it stands. If it asks for an answer, that comes as [`Incoming::Ack`] with the
    /// returned id.
    pub fn emit_raw(&mut self, event: &str, payload: &RawValue, ack: bool) -> Option<u64> {
        let id = ack.then_some(self.next_ack);
        self.next_ack += u64::from(ack);
        self.send_event(event, Some(payload), id);
        id
    }

    /// Answers the last event with this name that was taken, asked for an answer and has none yet. `false` when there
    /// is none.
    pub fn acknowledge(&mut self, event: &str, payload: Option<&Value>) -> bool {
        let last = self.unanswered.iter().rfind(|(name, _)| name == event).map(|(_, id)| *id);
        last.is_some_and(|id| self.answer(id, payload))
    }

    /// Answers the event with this number, if it was taken and has no answer yet. Otherwise returns `false`.
    pub fn answer(&mut self, id: u64, payload: Option<&Value>) -> bool {
        let Some(place) = self.unanswered.iter().rposition(|(_, asked)| *asked == id) else { return false };
        self.unanswered.remove(place);
        let data = to_raw_value(payload.as_slice()).ok();
        self.send_packet(Kind::Ack, Some(id), data.as_deref());
        true
    }

    /// The numbers of taken events that asked for an answer and have none yet.
    pub fn unanswered(&self) -> impl DoubleEndedIterator<Item = u64> {
        self.unanswered.iter().map(|(_, id)| *id)
    }

    /// The next message that arrives; `None` once the connection has ended and everything was taken. Cancel safe.
    pub async fn next(&mut self) -> Option<Incoming> {
        self.next_numbered().await.map(|(incoming, _)| incoming)
    }

    /// As [`next`](Self::next), with the number with which to answer it.
    pub async fn next_numbered(&mut self) -> Option<Arrived> {
        let arrived = self.incoming.recv().await?;
        Some(self.note(arrived))
    }

    /// All messages that have arrived and were not taken yet.
    pub fn take(&mut self) -> Vec<Incoming> {
        self.take_numbered().into_iter().map(|(incoming, _)| incoming).collect()
    }

    /// As [`take`](Self::take), each with the number with which to answer it.
    pub fn take_numbered(&mut self) -> Vec<Arrived> {
        std::iter::from_fn(|| self.incoming.try_recv().ok().map(|arrived| self.note(arrived))).collect()
    }

    fn note(&mut self, arrived: Arrived) -> Arrived {
        if let (Incoming::Event { name, .. }, Some(id)) = &arrived {
            self.unanswered.push((name.clone(), *id));
        }
        arrived
    }

    /// Waits until the server has handled everything that this client sent before, and its answers have arrived: asks
    /// for a namespace that does not exist, whose refusal comes in order. `false` when no refusal came, because the
    /// connection is over or the server is stuck.
    pub async fn settle(&mut self) -> bool {
        let namespace = format!("{BARRIER_NAMESPACE}{}", self.next_barrier);
        self.next_barrier += 1;
        let (reached, reaching) = oneshot::channel();
        self.command(Command::Barrier { namespace, reached });
        matches!(tokio::time::timeout(ANSWER_TIMEOUT, reaching).await, Ok(Ok(())))
    }

    /// Stops reading. Heartbeats are not answered either, just as a program that hangs would not answer them.
    pub fn stall(&mut self) {
        self.stalled = true;
        self.command(Command::Stall);
    }

    /// Reads again.
    pub fn resume(&mut self) {
        self.stalled = false;
        self.command(Command::Resume);
    }

    /// Whether the client reads at the moment.
    pub fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// Whether the connection is over.
    pub fn is_closed(&self) -> bool {
        self.commands.is_closed()
    }

    /// Ends the connection; returns when the server has closed its end.
    pub async fn depart(&mut self, departure: Departure) {
        let (done, finished) = oneshot::channel();
        self.command(Command::Depart { departure, done });
        // A script does not test whether the server closes its end.
        let _ = tokio::time::timeout(ANSWER_TIMEOUT, finished).await;
    }

    fn send_event<T: Serialize + ?Sized>(&self, event: &str, payload: Option<&T>, id: Option<u64>) {
        let data = match payload {
            Some(payload) => to_raw_value(&(event, payload)),
            None => to_raw_value(&[event]),
        }
        .ok();
        self.send_packet(Kind::Event, id, data.as_deref());
    }

    fn send_packet(&self, kind: Kind, id: Option<u64>, data: Option<&RawValue>) {
        let packet = Packet { kind, attachments: 0, namespace: &self.namespace, id, data };
        self.command(Command::Send(engine::Packet::Message(&packet.encode()).encode()));
    }

    fn command(&self, command: Command) {
        // The task is gone when the connection is over; then there is nothing to do.
        let _ = self.commands.send(command);
    }
}

async fn open_websocket(network: &Network) -> Result<Socket, ConnectError> {
    let stream = network.open().await?;
    let request = network.websocket_url().into_client_request().map_err(refused)?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    let (socket, _) = opened.await.map_err(refused)?;
    Ok(socket)
}

fn refused(error: WebSocketError) -> ConnectError {
    match error {
        WebSocketError::Io(error) => ConnectError::Io(error),
        WebSocketError::Http(response) => ConnectError::Refused(format!("HTTP {}", response.status())),
        other => ConnectError::Refused(other.to_string()),
    }
}

async fn read_text(socket: &mut Socket) -> Result<String, ConnectError> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Close(_))) | None => {
                return Err(ConnectError::Refused("it closed the connection".into()));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(refused(error)),
        }
    }
}

fn socket_id_of(message: &str) -> Result<String, ConnectError> {
    let protocol = || ConnectError::Protocol(message.to_owned());
    let packet = Packet::parse(message).map_err(|_| protocol())?;
    let data: Value = packet.data.and_then(|data| serde_json::from_str(data.get()).ok()).unwrap_or_default();
    match packet.kind {
        Kind::Connect => data["sid"].as_str().map(str::to_owned).ok_or_else(protocol),
        Kind::ConnectError => {
            Err(ConnectError::ConnectError(data["message"].as_str().unwrap_or("no message").to_owned()))
        }
        _ => Err(protocol()),
    }
}

/// The task behind a client.
struct Driver {
    socket: Socket,
    namespace: String,
    incoming: mpsc::UnboundedSender<Arrived>,
    barriers: HashMap<String, oneshot::Sender<()>>,
    stalled: bool,
}

impl Driver {
    async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        loop {
            tokio::select! {
                // In a fixed order, so that chance plays no part in the simulated network.
                biased;
                command = commands.recv() => match command {
                    Some(Command::Depart { departure, done }) => {
                        self.depart(departure).await;
                        let _ = done.send(());
                        return;
                    }
                    Some(command) => if !self.obey(command).await { break },
                    None => break,
                },
                message = self.socket.next(), if !self.stalled => {
                    let Some(Ok(message)) = message else { break };
                    if let Message::Text(text) = message && !self.receive(&text).await { break }
                }
            }
        }
        // The owner may be gone already.
        let _ = self.incoming.send((Incoming::Closed, None));
    }

    async fn obey(&mut self, command: Command) -> bool {
        match command {
            Command::Send(text) => self.write(text).await,
            Command::Barrier { namespace, reached } => {
                let packet =
                    Packet { kind: Kind::Connect, attachments: 0, namespace: &namespace, id: None, data: None };
                let text = engine::Packet::Message(&packet.encode()).encode();
                self.barriers.insert(namespace, reached);
                self.write(text).await
            }
            Command::Stall => self.set_stalled(true),
            Command::Resume => self.set_stalled(false),
            Command::Depart { .. } => false,
        }
    }

    fn set_stalled(&mut self, stalled: bool) -> bool {
        self.stalled = stalled;
        true
    }

    async fn write(&mut self, text: String) -> bool {
        self.socket.send(Message::text(text)).await.is_ok()
    }

    async fn receive(&mut self, text: &str) -> bool {
        match engine::Packet::parse(text) {
            Ok(engine::Packet::Ping(data)) => self.write(engine::Packet::Pong(data).encode()).await,
            Ok(engine::Packet::Message(message)) => {
                if let Ok(packet) = Packet::parse(message) {
                    self.take_packet(&packet);
                }
                true
            }
            Ok(engine::Packet::Close) => false,
            _ => true,
        }
    }

    fn take_packet(&mut self, packet: &Packet<'_>) {
        let incoming = match packet.kind {
            Kind::ConnectError => {
                if let Some(reached) = self.barriers.remove(packet.namespace) {
                    let _ = reached.send(());
                }
                return;
            }
            _ if packet.namespace != self.namespace => return,
            // Bytes are shown as their placeholders.
            Kind::Event | Kind::BinaryEvent => packet
                .event()
                .ok()
                .map(|event| Incoming::Event { name: event.name, arguments: values(&event.arguments) }),
            Kind::Ack | Kind::BinaryAck => {
                packet.ack().ok().map(|(id, arguments)| Incoming::Ack { id, arguments: values(&arguments) })
            }
            Kind::Disconnect => Some(Incoming::Disconnected),
            Kind::Connect => None,
        };
        if let Some(incoming) = incoming {
            let asks_for_ack = packet.id.filter(|_| matches!(incoming, Incoming::Event { .. }));
            let _ = self.incoming.send((incoming, asks_for_ack));
        }
    }

    async fn depart(mut self, departure: Departure) {
        match departure {
            Departure::Disconnect => {
                let packet =
                    Packet { kind: Kind::Disconnect, attachments: 0, namespace: &self.namespace, id: None, data: None };
                self.write(engine::Packet::Message(&packet.encode()).encode()).await;
                let _ = self.socket.close(None).await;
            }
            Departure::Close => {
                let _ = self.socket.close(None).await;
            }
            Departure::Garble => {
                self.write(engine::Packet::Message(NO_PACKET).encode()).await;
            }
            Departure::Drop => return self.vanish().await,
        }
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// Half-closing the stream and reading to its end shows that the server has noticed.
    async fn vanish(self) {
        let mut stream = self.socket.into_inner();
        if !self.stalled && stream.shutdown().await.is_ok() {
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
        }
    }
}

/// A text that no value can hold, such as `1e400`, is shown as what it is.
fn values(arguments: &[&RawValue]) -> Vec<Value> {
    let value = |argument: &&RawValue| {
        serde_json::from_str(argument.get()).unwrap_or_else(|_| json!({ "raw": argument.get() }))
    };
    arguments.iter().map(value).collect()
}
