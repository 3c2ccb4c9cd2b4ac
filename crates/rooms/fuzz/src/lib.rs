//! A client that polls a server in memory, under a virtual clock. It goes through the crate's public interface, so it
//! reaches what any client on a network reaches, and nothing else.

use bytes::Bytes;
use rooms::Io;
use rooms::codec::payload::Packets;
use rooms::transport::Message;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::runtime::Builder;

/// More than any answer to one input.
const PIPE: usize = 1024 * 1024;

/// Runs a server and its client to the end. The clock advances only while both wait.
pub fn run(future: impl Future<Output = ()>) {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without I/O needs nothing").block_on(future);
}

/// A session of Engine.IO by long polling, over one stream.
pub struct Client {
    stream: DuplexStream,
    unread: Vec<u8>,
    target: String,
}

/// The session ended; queued messages are lost.
#[derive(Debug)]
pub struct Ended;

impl Client {
    /// Opens a session at this path.
    pub async fn open(io: &Io, path: &str) -> Self {
        let (stream, theirs) = duplex(PIPE);
        let io = io.clone();
        tokio::spawn(async move { io.serve_stream(theirs).await });
        let target = format!("{path}?EIO=4&transport=polling");
        let mut client = Self { stream, unread: Vec::new(), target };
        let open = client.request("GET", b"").await.expect("a session opens");
        let open: serde_json::Value = serde_json::from_slice(&open[1..]).expect("the open packet is JSON");
        client.target = format!("{}&sid={}", client.target, open["sid"].as_str().expect("a session has an id"));
        client
    }

    /// Sends a body.
    pub async fn post(&mut self, body: &[u8]) -> Result<(), Ended> {
        self.request("POST", body).await.map(drop)
    }

    /// The queued messages, or else the next ones to come.
    pub async fn get(&mut self) -> Result<Vec<Message>, Ended> {
        let body = self.request("GET", b"").await?;
        Ok(Packets::new(body).map(|packet| packet.expect("the server writes what can be read")).collect())
    }

    async fn request(&mut self, method: &str, body: &[u8]) -> Result<Bytes, Ended> {
        let (target, length) = (&self.target, body.len());
        let head = format!("{method} {target} HTTP/1.1\r\nHost: server\r\nContent-Length: {length}\r\n\r\n");
        self.stream.write_all(&[head.as_bytes(), body].concat()).await.map_err(|_| Ended)?;
        let head = loop {
            if let Some(end) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                let head: Vec<u8> = self.unread.drain(..end + 4).collect();
                break String::from_utf8(head).expect("a head is text").to_ascii_lowercase();
            }
            self.read().await?;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a body has a length");
        let length = length.parse().expect("a length is a number");
        while self.unread.len() < length {
            self.read().await?;
        }
        let body: Vec<u8> = self.unread.drain(..length).collect();
        if head.starts_with("http/1.1 200 ") { Ok(body.into()) } else { Err(Ended) }
    }

    async fn read(&mut self) -> Result<(), Ended> {
        match self.stream.read_buf(&mut self.unread).await {
            Ok(0) | Err(_) => Err(Ended),
            Ok(_) => Ok(()),
        }
    }
}
