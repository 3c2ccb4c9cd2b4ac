//! Raw clients over TCP, and a server with one healthy client that must not notice them.

#![allow(clippy::cast_possible_truncation, reason = "the lengths of test frames")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rooms::observer::{Event, Observer, Record};
use rooms::{Config, Io, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::common::Log;

/// Long enough for a slow machine under load; a passing test never waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

pub const CONTINUATION: u8 = 0x0;
pub const TEXT: u8 = 0x1;
pub const BINARY: u8 = 0x2;
pub const CLOSE: u8 = 0x8;
pub const PING: u8 = 0x9;
pub const PONG: u8 = 0xa;
/// The bit of a message's last fragment.
pub const FIN: u8 = 0x80;

/// Awaits something that must come.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let awaited = tokio::time::timeout(PATIENCE, future).await;
    awaited.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// Waits for something that another task is about to do.
pub async fn eventually(what: &str, condition: impl Fn() -> bool) {
    soon(what, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
}

/// A running server with one healthy client.
pub struct Stage {
    pub io: Io,
    pub log: Log,
    pub address: SocketAddr,
    healthy: Healthy,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// Short timeouts, so that tests need not wait; only heartbeats are slow, so that nobody has to answer them.
pub fn config() -> Config {
    Config { handshake_timeout: Duration::from_millis(300), max_payload: 10_000, ..Config::default() }
}

/// The application for the hostile clients: it echoes, acknowledges and reads payloads.
pub fn application(io: &Io) {
    io.on_connection(|socket| {
        socket.on("echo", |socket, payload| socket.emit("echo", payload));
        socket.on("look", |socket, payload| {
            let _ = payload["deep"]["deeper"].is_null();
            socket.emit("looked", ());
        });
        socket.on("ack", |_, payload| {
            payload.ack(payload);
        });
        socket.on("join", |socket, payload| socket.join(payload.value().as_str().unwrap_or("none")));
    });
}

/// Keeps the records that tests ask for. Of the log lines, which a flood makes in large numbers, it keeps only
/// refusals.
#[derive(Clone)]
struct Lifecycle(Log);

impl Observer for Lifecycle {
    fn observe(&self, record: Record) {
        if record.event.is_lifecycle() || matches!(record.event, Event::Refused { .. }) {
            self.0.observe(record);
        }
    }
}

impl Stage {
    pub async fn new(config: Config) -> Self {
        let log = Log::default();
        let io = Io::observed(config, Lifecycle(log.clone()));
        application(&io);
        let server = Server::bind("127.0.0.1:0", io.clone()).await.unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async move {
            let _ = stopped.await;
        }));
        let healthy = Healthy::join(address).await;
        Self { io, log, address, healthy, stop, running }
    }

    /// Proves that the healthy client lives: its own echo, and a broadcast.
    pub async fn is_unharmed(&mut self) {
        static ROUNDS: AtomicUsize = AtomicUsize::new(0);
        let round = ROUNDS.fetch_add(1, Ordering::Relaxed);
        self.healthy.send(&format!(r#"42["echo",{round}]"#));
        assert_eq!(self.healthy.next().await, format!(r#"42["echo",{round}]"#));
        self.io.to(self.healthy.id.as_str()).emit("news", round);
        assert_eq!(self.healthy.next().await, format!(r#"42["news",{round}]"#));
    }

    /// Proves that nothing is left of the other clients, and that the healthy client lives.
    pub async fn is_alone(&mut self) {
        eventually("nobody is left but the healthy client", || self.io.sockets().len() == 1).await;
        self.is_unharmed().await;
    }

    /// The reason of the first disconnect.
    pub async fn disconnect_reason(&self) -> String {
        eventually("somebody is disconnected", || !self.log.disconnect_reasons().is_empty()).await;
        self.log.disconnect_reasons().remove(0)
    }

    pub fn is_connected(&self, id: &str) -> bool {
        self.io.sockets().iter().any(|socket| socket.id().as_str() == id)
    }

    /// How many events were dropped because a queue was full.
    pub fn dropped(&self) -> u64 {
        self.io.counters().iter().map(|counters| counters.dropped).sum()
    }

    /// Stops the server; returns the close code that the healthy client gets and how long the server took.
    pub async fn stop(self) -> (Option<u16>, Duration) {
        let before = std::time::Instant::now();
        let _ = self.stop.send(());
        soon("the server ends", self.running).await.unwrap();
        let took = before.elapsed();
        (self.healthy.farewell().await, took)
    }

    /// Whether the log has an event of this kind.
    pub fn has_seen(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.log.events().iter().any(wanted)
    }
}

/// A client that answers heartbeats by itself, as stock clients do.
struct Healthy {
    id: String,
    outgoing: mpsc::UnboundedSender<String>,
    incoming: mpsc::UnboundedReceiver<String>,
    farewell: JoinHandle<Option<u16>>,
}

impl Healthy {
    async fn join(address: SocketAddr) -> Self {
        let (client, id) = Client::join(address).await;
        let (outgoing, to_send) = mpsc::unbounded_channel();
        let (received, incoming) = mpsc::unbounded_channel();
        let farewell = tokio::spawn(live(client, to_send, received));
        Self { id, outgoing, incoming, farewell }
    }

    fn send(&self, packet: &str) {
        self.outgoing.send(packet.to_owned()).unwrap();
    }

    async fn next(&mut self) -> String {
        soon("the healthy client hears something", self.incoming.recv()).await.expect("the healthy client is connected")
    }

    async fn farewell(self) -> Option<u16> {
        soon("the healthy client is let go", self.farewell).await.unwrap()
    }
}

async fn live(
    mut client: Client,
    mut to_send: mpsc::UnboundedReceiver<String>,
    received: mpsc::UnboundedSender<String>,
) -> Option<u16> {
    loop {
        tokio::select! {
            packet = to_send.recv() => client.send(&packet?).await,
            frame = client.frame() => match frame {
                Some((TEXT, payload)) if payload == b"2" => client.send("3").await,
                Some((TEXT, payload)) => received.send(String::from_utf8(payload).unwrap()).ok()?,
                Some((CLOSE, payload)) => return Some(close_code(&payload)),
                Some(_) => {}
                None => return None,
            },
        }
    }
}

/// A client that sends any bytes that a test wants.
pub struct Client {
    pub stream: TcpStream,
    buffer: Vec<u8>,
}

/// An HTTP response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Client {
    /// Connects, and says nothing.
    pub async fn dial(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        // Two small packets in a row would wait for each other.
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new() }
    }

    /// As [`Client::dial`], with as small a receive buffer as the system allows.
    pub async fn dial_narrow(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(1024).unwrap();
        Self { stream: socket.connect(address).await.unwrap(), buffer: Vec::new() }
    }

    /// Opens a WebSocket; the open packet is still to be read.
    pub async fn upgrade(address: SocketAddr) -> Self {
        Self::dial(address).await.into_websocket(address).await
    }

    pub async fn into_websocket(mut self, address: SocketAddr) -> Self {
        self.write(websocket_request(address, "", "").as_bytes()).await;
        let response = self.head().await.expect("an answer to the handshake");
        assert_eq!(response.status, 101, "{}", response.head);
        self
    }

    /// Opens a WebSocket and reads the open packet.
    pub async fn open(address: SocketAddr) -> Self {
        Self::upgrade(address).await.opened().await
    }

    async fn opened(mut self) -> Self {
        let open = self.packet().await.expect("the open packet");
        assert!(open.starts_with("0{"), "{open}");
        self
    }

    /// Joins the root namespace; also returns the socket's id.
    pub async fn join(address: SocketAddr) -> (Self, String) {
        Self::open(address).await.joined().await
    }

    /// As [`Client::join`], with as small a receive buffer as the system allows.
    pub async fn join_narrow(address: SocketAddr) -> (Self, String) {
        let client = Self::dial_narrow(address).await.into_websocket(address).await;
        client.opened().await.joined().await
    }

    async fn joined(mut self) -> (Self, String) {
        self.send("40").await;
        let reply = self.packet().await.expect("the reply to CONNECT");
        let reply: serde_json::Value = serde_json::from_str(reply.strip_prefix("40").unwrap()).unwrap();
        (self, reply["sid"].as_str().unwrap().to_owned())
    }

    /// Writes bytes. The server may have hung up already.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = self.try_write(bytes).await;
    }

    pub async fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        soon("the server reads", self.stream.write_all(bytes)).await
    }

    /// Sends a packet as a text message.
    pub async fn send(&mut self, packet: &str) {
        self.write(&masked(FIN | TEXT, packet.as_bytes())).await;
    }

    /// Reads more into the buffer; false at the end of the stream.
    async fn fill(&mut self) -> bool {
        let read = soon("the server says something or hangs up", self.stream.read_buf(&mut self.buffer)).await;
        matches!(read, Ok(1..))
    }

    /// The next frame of the server; `None` once it has hung up. Cancel safe.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some(frame) = self.take_frame() {
                return Some(frame);
            }
            // Silence is not a failure here: the healthy client waits for its next event as long as it takes.
            if !matches!(self.stream.read_buf(&mut self.buffer).await, Ok(1..)) {
                return None;
            }
        }
    }

    fn take_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let (header, length) = frame_length(&self.buffer)?;
        if self.buffer.len() < header + length {
            return None;
        }
        let opcode = self.buffer[0] & 0xf;
        let frame: Vec<u8> = self.buffer.drain(..header + length).collect();
        Some((opcode, frame[header..].to_vec()))
    }

    /// All frames until the server ends the stream, which it must do without a reset.
    pub async fn frames_to_the_end(&mut self) -> Vec<(u8, Vec<u8>)> {
        let end = soon("the server ends the stream", self.stream.read_to_end(&mut self.buffer)).await;
        end.expect("an end, and no reset");
        std::iter::from_fn(|| self.take_frame()).collect()
    }

    /// The next packet that is not a heartbeat; `None` once the server has closed.
    pub async fn packet(&mut self) -> Option<String> {
        loop {
            match soon("the server sends a frame", self.frame()).await? {
                (TEXT, payload) if payload == b"2" => {}
                (TEXT, payload) => return Some(String::from_utf8(payload).unwrap()),
                (CLOSE, _) => return None,
                _ => {}
            }
        }
    }

    /// How the server takes its leave: the code of its close frame (1005 is none), or `None` for a bare hang-up.
    /// Earlier frames are skipped.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            match soon("the server takes its leave", self.frame()).await {
                Some((CLOSE, payload)) => return Some(close_code(&payload)),
                Some(_) => {}
                None => return None,
            }
        }
    }

    /// Reads until the server has hung up.
    pub async fn ended(&mut self) {
        soon("the server hangs up", async { while self.frame().await.is_some() {} }).await;
    }

    /// The head of a response; `None` when the server hangs up without one.
    async fn head(&mut self) -> Option<Response> {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
                let head = String::from_utf8(head).unwrap();
                let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                return Some(Response { status, head, body: String::new() });
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    /// A whole response; `None` when the server hangs up without one.
    pub async fn response(&mut self) -> Option<Response> {
        let mut response = self.head().await?;
        let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
        while self.buffer.len() < length {
            assert!(self.fill().await, "the body of {response:?} is cut");
        }
        response.body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
        Some(response)
    }

    /// Asserts that the server answers with one of these, or hangs up, as it may do when it does not read to the end.
    pub async fn is_refused(&mut self, statuses: &[u16]) {
        if let Some(response) = self.response().await {
            assert!(statuses.contains(&response.status), "{response:?}");
        }
        soon("the server hangs up", async { while self.fill().await {} }).await;
    }

    /// Breaks the connection without a farewell.
    pub fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(':'));
        headers.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The code that Engine.IO gives a refusal.
    pub fn code(&self) -> Option<u64> {
        serde_json::from_str::<serde_json::Value>(&self.body).ok()?["code"].as_u64()
    }
}

/// The request that opens a WebSocket, with more parameters and headers.
pub fn websocket_request(address: SocketAddr, parameters: &str, headers: &str) -> String {
    let host = format!("Host: {address}\r\n");
    websocket_request_without_host(parameters, &format!("{host}{headers}"))
}

pub fn websocket_request_without_host(parameters: &str, headers: &str) -> String {
    format!(
        "GET /socket.io/?EIO=4&transport=websocket{parameters} HTTP/1.1\r\n{headers}Upgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
}

/// A client's frame: the first byte, the length, a mask, the masked payload.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x5a, 0x00, 0xff, 0x13];
    let mut frame = header(first, payload.len() as u64, true);
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// The beginning of a client's frame that claims a length, with nothing behind it.
pub fn claim(first: u8, length: u64) -> Vec<u8> {
    [header(first, length, true), vec![0; 4]].concat()
}

/// The first byte and the length of a frame.
pub fn header(first: u8, length: u64, is_masked: bool) -> Vec<u8> {
    let mask = if is_masked { 0x80 } else { 0 };
    let mut header = vec![first];
    match length {
        0..126 => header.push(mask + length as u8),
        126..0x1_0000 => {
            header.push(mask + 126);
            header.extend((length as u16).to_be_bytes());
        }
        _ => {
            header.push(mask + 127);
            header.extend(length.to_be_bytes());
        }
    }
    header
}

/// The lengths of a frame's header and payload, as soon as they are known.
fn frame_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let length = bytes.get(1)? & 0x7f;
    match length {
        126 => Some((4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)))),
        127 => Some((10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?)),
        _ => Some((2, usize::from(length))),
    }
}

fn close_code(payload: &[u8]) -> u16 {
    payload.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]))
}
