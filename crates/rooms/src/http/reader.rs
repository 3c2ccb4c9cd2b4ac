//! Reading requests off a stream, and writing the responses.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use super::refusal::Refusal;
use super::request::{MAX_HEAD_BYTES, Request};
use super::response::Response;
use crate::config::Config;
use crate::memory::{Holding, RETRY};
use crate::transport::ByteStream;

/// Bytes that hold most heads, so that one read is enough.
const USUAL_HEAD_BYTES: usize = 1024;

/// Bytes of a response that one write takes.
const CHUNK_BYTES: usize = 16 * 1024;

/// How long a client that was refused may go on sending.
const LINGER: Duration = Duration::from_millis(500);

/// A stream, and the bytes that were read beyond the request at hand.
pub(super) struct Reader {
    stream: ByteStream,
    buffer: BytesMut,
    /// The memory that a body takes.
    memory: Holding,
}

impl Reader {
    pub(super) fn new(stream: ByteStream, memory: Holding) -> Self {
        Self { stream, buffer: BytesMut::new(), memory }
    }

    /// The next head. Cancel safe.
    pub(super) async fn head(&mut self) -> Result<Request, Refusal> {
        loop {
            if !self.buffer.is_empty()
                && let Some((request, length)) = Request::parse(&self.buffer)?
            {
                let _ = self.buffer.split_to(length);
                return Ok(request);
            }
            self.buffer.reserve(USUAL_HEAD_BYTES);
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return Err(Refusal::Gone);
            }
        }
    }

    /// Reserves memory for a body of this length until it is [let go](Self::let_go), and waits if there is none. All of
    /// it at once: if many bodies had a part each, none could be completed.
    pub(super) async fn hold(&mut self, length: usize) {
        while self.memory.resize(length).is_err() {
            sleep(RETRY).await;
        }
    }

    /// A body of this length.
    pub(super) async fn body(&mut self, length: usize) -> Result<Bytes, Refusal> {
        while self.buffer.len() < length {
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return Err(Refusal::Gone);
            }
        }
        let body = self.buffer.split_to(length).freeze();
        // The rest gets its own buffer, or it would keep the body's alive.
        self.buffer = BytesMut::from(&self.buffer[..]);
        Ok(body)
    }

    /// The body that came last is not needed any more.
    pub(super) fn let_go(&mut self) {
        let _ = self.memory.resize(0);
    }

    /// Completes when the client goes away. Cancel safe.
    pub(super) async fn gone(&mut self) {
        loop {
            // A client that keeps sending without waiting for an answer may wait.
            if self.buffer.len() > MAX_HEAD_BYTES {
                return std::future::pending().await;
            }
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return;
            }
        }
    }

    pub(super) fn is_between_requests(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Writes a response; says whether the client took it.
    pub(super) async fn write(&mut self, response: Response, config: &Config) -> bool {
        let is_last = response.is_last();
        let mut chunk = response.head();
        let mut body = response.into_body();
        let mut is_taken = true;
        while is_taken {
            body.fill(&mut chunk, CHUNK_BYTES);
            if chunk.is_empty() {
                break;
            }
            is_taken = self.write_chunk(&chunk, config.write_timeout).await;
            chunk.clear();
            if !body.is_empty() {
                // The same large event may go to many clients.
                yield_now().await;
            }
        }
        if is_last {
            self.end().await;
        }
        is_taken
    }

    /// Each time a client takes something, however little, the timeout starts again.
    async fn write_chunk(&mut self, mut chunk: &[u8], time: Duration) -> bool {
        while !chunk.is_empty() {
            match timeout(time, self.stream.write(chunk)).await {
                Ok(Ok(written @ 1..)) => chunk = &chunk[written..],
                Ok(Ok(0) | Err(_)) | Err(_) => return false,
            }
        }
        true
    }

    /// Writes the last response, if there is one.
    pub(super) async fn refuse(&mut self, response: Option<Response>, config: &Config) {
        match response {
            Some(response) => drop(self.write(response, config).await),
            None => self.end().await,
        }
    }

    /// Reads what the client still sends, for a while: unread bytes would turn the end into a reset, and the client
    /// might lose its answer.
    async fn end(&mut self) {
        let _ = self.stream.shutdown().await;
        let mut sink = [0; 1024];
        let rest = async { while matches!(self.stream.read(&mut sink).await, Ok(1..)) {} };
        let _ = timeout(LINGER, rest).await;
    }

    pub(super) fn into_parts(self) -> (ByteStream, BytesMut, Holding) {
        (self.stream, self.buffer, self.memory)
    }
}
