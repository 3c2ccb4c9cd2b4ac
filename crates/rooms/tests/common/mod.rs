//! A client that speaks raw packets over an in-memory stream, so that the tests show the bytes.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rooms::observer::{Event, Observer, Record};
use rooms::{Config, Io};
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

pub const URL: &str = "ws://server/socket.io/?EIO=4&transport=websocket";

/// Keeps every record, so that a test can check them.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Record>>>);

impl Observer for Log {
    fn observe(&self, record: Record) {
        self.0.lock().unwrap().push(record);
    }
}

impl Log {
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap().iter().map(|record| record.event.clone()).collect()
    }

    pub fn disconnect_reasons(&self) -> Vec<String> {
        let events = self.events().into_iter();
        events
            .filter_map(|event| if let Event::Disconnect { reason, .. } = event { Some(reason) } else { None })
            .collect()
    }
}

pub fn observed(config: Config) -> (Io, Log) {
    let log = Log::default();
    (Io::observed(config, log.clone()), log)
}

pub struct RawClient {
    pub stream: WebSocketStream<DuplexStream>,
}

impl RawClient {
    /// Opens a connection; the Engine.IO open packet is still to be read.
    pub async fn open(io: &Io) -> Self {
        Self::open_with_buffer(io, 64 * 1024).await
    }

    pub async fn open_with_buffer(io: &Io, bytes: usize) -> Self {
        let (ours, theirs) = tokio::io::duplex(bytes);
        let io = io.clone();
        tokio::spawn(async move { io.serve_stream(theirs).await });
        Self::over(ours).await
    }

    /// Opens a connection over a stream whose other end is served.
    pub async fn over(ours: DuplexStream) -> Self {
        let request = URL.into_client_request().unwrap();
        let (stream, _) = tokio_tungstenite::client_async(request, ours).await.unwrap();
        Self { stream }
    }

    /// Opens a connection and joins the root namespace.
    pub async fn connect(io: &Io) -> Self {
        let mut client = Self::open(io).await;
        client.join_root().await;
        client
    }

    pub async fn join_root(&mut self) {
        assert!(self.read().await.unwrap().starts_with("0{"));
        self.send("40").await;
        assert!(self.read().await.unwrap().starts_with(r#"40{"sid":""#));
    }

    pub async fn send(&mut self, packet: &str) {
        self.stream.send(Message::text(packet.to_owned())).await.unwrap();
    }

    pub async fn try_send(&mut self, packet: &str) -> Result<(), tokio_tungstenite::tungstenite::Error> {
        self.stream.send(Message::text(packet.to_owned())).await
    }

    /// Whether the next frame is a proper close.
    pub async fn is_told_goodbye(&mut self) -> bool {
        matches!(self.stream.next().await, Some(Ok(Message::Close(_))))
    }

    /// The next packet; `None` when the server has closed the connection.
    pub async fn read(&mut self) -> Option<String> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Proves that nothing is on its way: a refused namespace is answered in order.
    pub async fn settle(&mut self) {
        self.send("40/no-such-namespace").await;
        assert_eq!(self.read().await.unwrap(), r#"44/no-such-namespace,{"message":"Invalid namespace"}"#);
    }

    /// Reads until the server closes, answering no heartbeat.
    pub async fn read_to_end(&mut self) -> Vec<String> {
        let mut packets = Vec::new();
        while let Some(packet) = self.read().await {
            packets.push(packet);
        }
        packets
    }
}

/// Waits for something that another task is about to do. Under the paused clock this costs no time.
pub async fn eventually(condition: impl Fn() -> bool) {
    tokio::time::timeout(Duration::from_secs(60), async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await
    .expect("the condition never held");
}
