//! Messages over a WebSocket (RFC 6455).
//!
//! Reading, and the frames of the WebSocket protocol itself, are tungstenite's. Messages are written past
//! it: they are frames already (see `frames`), so as many as wait go to the stream in one system call.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future as _, poll_fn};
use std::io::{self, IoSlice, Read, Write};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tokio_tungstenite::tungstenite::{Error, Message as Received};

use super::pieces::Pieces;
use super::readiness::Readiness;
use super::{ByteStream, Message, Text, TransportError, close_code, turn};
use crate::frames::Frames;
use crate::memory::{Holding, RETRY, UsedUp};
use crate::streams::StreamGuard;

/// The default, 128 KiB for each connection, suits bulk transfer; events are small.
const READ_BUFFER: usize = 2048;

/// Room for tungstenite's own frames (pongs, a close) while others wait: pings that come together are all answered.
/// When it is full, a newer pong replaces an older one, as RFC 6455, 5.5.3 allows.
const CONTROL_BYTES: usize = 4096;

/// The part of these bytes that tungstenite itself buffers.
const CONTROL_BUFFER: usize = 256;

/// Bytes before the data of a client's control frame: two, and the mask.
const CONTROL_HEAD: usize = 6;

/// Frames that one system call takes.
const BATCH: usize = 64;

/// Bytes that one batch takes over from the queue, so that a stalled client's messages stay in the queue, which is
/// bounded.
const BATCH_BYTES: usize = 64 * 1024;

/// Up to this many bytes of a batch are copied together: for small frames that costs less than having the system
/// collect them.
const GATHERED_BYTES: usize = 8 * 1024;

thread_local! {
    static GATHERED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// How long to keep checking whether there is memory again.
const LONGEST_DROUGHT: Duration = Duration::from_secs(20);

/// Time that a close may take when the peer does not answer.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A WebSocket after its handshake, the server's end.
pub struct WebSocket {
    stream: ByteStream,
    protocol: WebSocketContext,
    pieces: Pieces,
    readiness: Readiness,
    /// tungstenite's own frames on their way into `unsent`.
    control: Vec<u8>,
    /// Where in `unsent` such frames are. While they are there, no more follow, because a peer that pings and does not
    /// read would make it grow.
    control_at: Option<usize>,
    /// Frames that are being written. The first may be written in part; then nothing may go before its rest.
    unsent: VecDeque<Bytes>,
    first_is_cut: bool,
    /// Whether the peer broke the rules, so that nothing more is read from it (RFC 6455, 7.1.7).
    is_lost: bool,
    /// Bytes that came after the last complete message, and the memory that they take.
    partial: usize,
    memory: Holding,
    max_payload: usize,
    /// While there is no memory for the next message, nothing more is read.
    drought: Option<Drought>,
    /// It is one of the streams that the server allows.
    _guard: Option<StreamGuard>,
}

/// A time in which there is no memory for the next message.
struct Drought {
    retry: Pin<Box<Sleep>>,
    ends: Instant,
}

impl Drought {
    fn begin() -> Self {
        let now = Instant::now();
        Self { retry: Box::pin(sleep_until(now + RETRY)), ends: now + LONGEST_DROUGHT }
    }
}

/// Reserves memory for a message of this many bytes. It takes up to twice its size while it is assembled.
fn hold(memory: &mut Holding, bytes: usize, max_payload: usize) -> Result<(), UsedUp> {
    memory.resize(2 * bytes.min(max_payload))
}

/// How far writing got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Everything.
    All,
    /// Something, but the stream takes no more for now.
    Some,
    /// Nothing: the stream takes nothing.
    Nothing,
}

impl WebSocket {
    /// The server's end. `already_read` are the bytes that the client sent right behind its request; a message of more
    /// than `max_payload` bytes ends the connection. `response` is written first.
    pub(crate) fn server(
        stream: ByteStream,
        already_read: Vec<u8>,
        max_payload: usize,
        memory: Holding,
        response: Bytes,
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(CONTROL_BUFFER)
            .max_message_size(Some(max_payload))
            .max_frame_size(Some(max_payload));
        Self {
            stream,
            protocol: WebSocketContext::new(Role::Server, Some(config)),
            pieces: Pieces::new(already_read, max_payload),
            readiness: Readiness::new(),
            control: Vec::new(),
            control_at: None,
            unsent: VecDeque::from([response]),
            // No frame may go before the response.
            first_is_cut: true,
            is_lost: false,
            partial: 0,
            memory,
            max_payload,
            drought: None,
            _guard: None,
        }
    }

    /// Counts it among the streams of the server, for as long as it lives.
    pub(crate) fn counted(self, guard: StreamGuard) -> Self {
        Self { _guard: Some(guard), ..self }
    }

    /// The next message; `None` when the peer has closed. Answers pings. Cancel safe.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when the stream breaks, or the peer breaks the rules.
    pub async fn next(&mut self) -> Option<Result<Message, TransportError>> {
        poll_fn(|context| {
            // Queued frames are written while nothing comes; reading reports an error, too.
            let _ = self.poll_write(context, |_| {});
            let next = self.poll_next(context);
            if !self.control.is_empty() {
                let _ = self.poll_write(context, |_| {});
            }
            next
        })
        .await
    }

    /// Sends a message: waits until the stream has taken it.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when the stream breaks.
    pub async fn send(&mut self, message: &Message) -> Result<(), TransportError> {
        self.push(match message {
            Message::Text(text) => Frames::text(text),
            Message::Binary(data) => Frames::binary(data),
        });
        poll_fn(|context| self.poll_drain(context)).await
    }

    /// Says goodbye with a close code of RFC 6455, and waits for the peer's answer, but not for long.
    pub async fn close(&mut self, code: u16, reason: &'static str) {
        self.start_close(code, reason);
        // A peer that does not answer is gone.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, poll_fn(|context| self.poll_closed(context))).await;
    }

    /// The close code for an error, to be sent to the peer that caused it.
    pub fn close_code(error: &TransportError) -> u16 {
        match error {
            TransportError::Protocol { code, .. } => *code,
            TransportError::NoMemory => close_code::TRY_AGAIN_LATER,
            TransportError::Io(_) => close_code::INTERNAL_ERROR,
        }
    }

    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Message, TransportError>>> {
        let Self {
            stream, protocol, pieces, control, readiness, is_lost, partial, memory, max_payload, drought, ..
        } = self;
        if *is_lost {
            return Poll::Ready(None);
        }
        if let Some(waiting) = drought {
            ready!(waiting.retry.as_mut().poll(context));
            if hold(memory, partial.saturating_add(pieces.announced()), *max_payload).is_ok() {
                *drought = None;
            } else if waiting.ends <= Instant::now() {
                *is_lost = true;
                return Poll::Ready(Some(Err(TransportError::NoMemory)));
            } else {
                waiting.retry.as_mut().reset(Instant::now() + RETRY);
                // Asks to be woken then.
                ready!(waiting.retry.as_mut().poll(context));
            }
        }
        readiness.poll(context, |context| {
            let mut came = 0;
            loop {
                let (stream, context, control) = (&mut *stream, &mut *context, &mut *control);
                let mut wire = Wire { stream, context, pieces: &mut *pieces, control, room: CONTROL_BYTES, came };
                let received = protocol.read(&mut wire);
                *partial += wire.came - came;
                came = wire.came;
                *partial = match &received {
                    // Control frames may come between the fragments of a message.
                    Ok(Received::Ping(data) | Received::Pong(data)) => {
                        partial.saturating_sub(CONTROL_HEAD + data.len())
                    }
                    Ok(_) => 0,
                    Err(_) => *partial,
                };
                // All of it from the start: if many messages had a part each, none could be completed.
                let held = hold(memory, partial.saturating_add(pieces.announced()), *max_payload);
                return Poll::Ready(match received {
                    Ok(Received::Text(text)) => Some(Ok(Message::Text(Text::received(text)))),
                    Ok(Received::Binary(data)) => Some(Ok(Message::Binary(data))),
                    // A peer that vanishes without a close frame has closed all the same.
                    Ok(Received::Close(_))
                    | Err(
                        Error::ConnectionClosed
                        | Error::AlreadyClosed
                        | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake),
                    ) => None,
                    Ok(_) => continue,
                    Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                        if held == Err(UsedUp) {
                            *drought = Some(Drought::begin());
                            // The stream may not have been polled, and then will not wake this task.
                            context.waker().wake_by_ref();
                        }
                        return Poll::Pending;
                    }
                    Err(error) => {
                        *is_lost |= !matches!(error, Error::Io(_));
                        Some(Err(failed(error)))
                    }
                });
            }
        })
    }

    /// Queues frames, however many wait already.
    pub(crate) fn push(&mut self, frames: Frames) {
        self.unsent.push_back(frames.into_bytes());
    }

    /// Whether something waits to be written.
    pub(crate) fn has_unsent(&self) -> bool {
        !self.control.is_empty() || !self.unsent.is_empty()
    }

    /// Writes as much as the stream takes, and asks `refill` for more whenever everything is written. Registers for a
    /// wake-up unless all is written.
    pub(crate) fn poll_write(
        &mut self,
        context: &mut Context<'_>,
        mut refill: impl FnMut(&mut Batch<'_>),
    ) -> Result<Written, TransportError> {
        let mut progress = Written::Nothing;
        let mut total = 0;
        loop {
            if self.unsent.is_empty() {
                refill(&mut Batch { frames: &mut self.unsent, bytes: 0 });
            }
            self.take_over_control();
            if self.unsent.is_empty() {
                self.unsent.shrink_to(BATCH / 8);
                return match Pin::new(&mut self.stream).poll_flush(context)? {
                    Poll::Ready(()) => Ok(Written::All),
                    Poll::Pending => Ok(progress),
                };
            }
            if total >= turn::WRITTEN {
                turn::end(context);
                return Ok(progress);
            }
            match self.poll_write_batch(context)? {
                Poll::Ready(written) => {
                    total += written;
                    self.advance(written);
                }
                Poll::Pending => return Ok(progress),
            }
            progress = Written::Some;
        }
    }

    fn take_over_control(&mut self) {
        if self.control_at.is_some() || self.control.is_empty() {
            return;
        }
        let first = usize::from(self.first_is_cut);
        self.unsent.insert(first, std::mem::take(&mut self.control).into());
        self.control_at = Some(first);
    }

    fn poll_write_batch(&mut self, context: &mut Context<'_>) -> io::Result<Poll<usize>> {
        let stream = Pin::new(&mut self.stream);
        let bytes: usize = self.unsent.iter().map(Bytes::len).sum();
        let written = if let (1, Some(alone)) = (self.unsent.len(), self.unsent.front()) {
            stream.poll_write(context, &alone[..alone.len().min(turn::WRITTEN)])
        } else if bytes <= GATHERED_BYTES {
            GATHERED.with_borrow_mut(|gathered| {
                gathered.clear();
                self.unsent.iter().for_each(|frames| gathered.extend_from_slice(frames));
                stream.poll_write(context, gathered)
            })
        } else {
            let (mut slices, mut room) = ([IoSlice::new(&[]); BATCH], turn::WRITTEN);
            for (slice, frames) in slices.iter_mut().zip(&self.unsent) {
                let part = &frames[..frames.len().min(room)];
                room -= part.len();
                *slice = IoSlice::new(part);
            }
            stream.poll_write_vectored(context, &slices[..self.unsent.len().min(BATCH)])
        };
        match written {
            Poll::Ready(Ok(0)) => Err(io::ErrorKind::WriteZero.into()),
            Poll::Ready(Ok(written)) => Ok(Poll::Ready(written)),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Pending => Ok(Poll::Pending),
        }
    }

    fn advance(&mut self, mut written: usize) {
        while let Some(first) = self.unsent.front_mut() {
            if written < first.len() {
                first.advance(written);
                self.first_is_cut |= written > 0;
                return;
            }
            written -= first.len();
            self.unsent.pop_front();
            self.first_is_cut = false;
            self.control_at = self.control_at.and_then(|position| position.checked_sub(1));
        }
    }

    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        match self.poll_write(context, |_| {}) {
            Ok(Written::All) => Poll::Ready(Ok(())),
            Ok(_) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    pub(crate) fn start_close(&mut self, code: u16, reason: &'static str) {
        let context = &mut Context::from_waker(std::task::Waker::noop());
        // The close always has room, and so have the answers that wait for it in tungstenite.
        let (stream, pieces, control) = (&mut self.stream, &mut self.pieces, &mut self.control);
        let mut wire = Wire { stream, context, pieces, control, room: CONTROL_BYTES + 2 * CONTROL_BUFFER, came: 0 };
        let _ = self.protocol.flush(&mut wire);
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        // An error means that the peer closed first.
        let _ = self.protocol.close(&mut wire, Some(frame));
    }

    /// Ready when the peer has the close and has answered it, or is gone. A peer that broke the rules is not waited
    /// for: the stream ends right behind the close.
    pub(crate) fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if ready!(self.poll_drain(context)).is_err() {
            return Poll::Ready(());
        }
        let mut messages = 0;
        while !self.is_lost
            && let Some(Ok(_)) = ready!(self.poll_next(context))
        {
            messages += 1;
            if messages == turn::MESSAGES {
                turn::end(context);
                return Poll::Pending;
            }
        }
        if ready!(self.poll_drain(context)).is_err()
            || ready!(Pin::new(&mut self.stream).poll_shutdown(context)).is_err()
        {
            return Poll::Ready(());
        }
        // All that the peer sent must be read: unread bytes would turn the end into a reset, and it might lose the
        // close. A peer that has closed sends no more, so there is no waiting for it.
        match self.poll_discard(context) {
            Poll::Pending if self.is_lost => Poll::Pending,
            Poll::Pending | Poll::Ready(()) => Poll::Ready(()),
        }
    }

    /// Reads and discards everything until the peer is gone.
    fn poll_discard(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0; READ_BUFFER];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            let outcome = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            if outcome.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl std::fmt::Debug for WebSocket {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WebSocket").field("unsent", &self.unsent.len()).finish_non_exhaustive()
    }
}

/// Where a queue puts the frames to be written next.
pub(crate) struct Batch<'a> {
    frames: &'a mut VecDeque<Bytes>,
    bytes: usize,
}

impl Batch<'_> {
    /// Takes frames; returns whether there is room for more.
    pub(crate) fn push(&mut self, frames: Frames) -> ControlFlow<()> {
        self.bytes += frames.len();
        self.frames.push_back(frames.into_bytes());
        let is_full = self.frames.len() >= BATCH || self.bytes >= BATCH_BYTES;
        if is_full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The stream as tungstenite sees it: reads come from it, while writes wait for the next end of a frame.
struct Wire<'a, 'b> {
    stream: &'a mut ByteStream,
    context: &'a mut Context<'b>,
    pieces: &'a mut Pieces,
    control: &'a mut Vec<u8>,
    /// Bytes that `control` may have.
    room: usize,
    /// Bytes that were read in this turn.
    came: usize,
}

impl Read for Wire<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { stream, context, pieces, came, .. } = self;
        pieces.read(buffer, |room| {
            if *came >= turn::BYTES {
                turn::end(context);
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let mut room = ReadBuf::new(room);
            match Pin::new(&mut **stream).poll_read(context, &mut room) {
                Poll::Ready(outcome) => {
                    *came += room.filled().len();
                    outcome.map(|()| room.filled().len())
                }
                Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
            }
        })
    }
}

/// tungstenite writes whole frames only, because its write buffer has no target length.
impl Write for Wire<'_, '_> {
    fn write(&mut self, frames: &[u8]) -> io::Result<usize> {
        if self.control.len() + frames.len() > self.room {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.control.extend_from_slice(frames);
        Ok(frames.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Translates an error of tungstenite, whose types are not part of our interface.
fn failed(error: Error) -> TransportError {
    let code = match &error {
        Error::Io(_) => close_code::INTERNAL_ERROR,
        Error::Capacity(CapacityError::MessageTooLong { .. }) => close_code::TOO_LARGE,
        Error::Utf8(_) => close_code::INVALID_DATA,
        _ => close_code::PROTOCOL_ERROR,
    };
    match error {
        Error::Io(error) => TransportError::Io(error),
        other => TransportError::Protocol { code, message: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use tokio::io::{AsyncWriteExt as _, duplex};

    use super::*;
    use crate::memory::{Budget, Share};

    /// The longest ping, with a mask of zeros.
    fn ping() -> Vec<u8> {
        [&[0x89, 0xfd, 0, 0, 0, 0][..], &[b'x'; 125]].concat()
    }

    #[tokio::test]
    async fn answers_to_pings_that_nobody_reads_do_not_pile_up() {
        let (mut client, ours) = duplex(256);
        let memory = Budget::new(0).holding(Share::Receiving);
        let mut websocket =
            WebSocket::server(Box::new(ours), Vec::new(), 1000, memory, Bytes::from_static(b"response"));
        for _ in 0..1000 {
            client.write_all(&ping()).await.unwrap();
            // With its own turn each time, as a task has.
            let next = tokio::task::unconstrained(websocket.next());
            assert!(next.now_or_never().is_none(), "a ping is not a message");
        }
        let waiting = websocket.control.len() + websocket.unsent.iter().map(Bytes::len).sum::<usize>();
        assert!((CONTROL_BYTES / 2..=2 * CONTROL_BYTES).contains(&waiting), "{waiting} bytes wait");
    }
}
