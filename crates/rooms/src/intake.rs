//! Packets that a client has sent and that are not handled yet: one whose attachments are still to come, one that is
//! being read, those that wait for an async handler, and the one that the handler has.
//!
//! All of it counts as memory that the client holds, and an event that has begun has to be complete in time.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::{Sleep, sleep};

use crate::codec::socket::Packet;
use crate::incoming::{Incoming, LARGE, Reader, size};
use crate::memory::{Holding, Share};
use crate::reason::DisconnectReason;
use crate::session::Data;
use crate::shared::Shared;

/// Roughly the memory that a packet takes in addition to its text, and an attachment in addition to its bytes.
const PACKET: usize = 256;
const ATTACHMENT: usize = 64;

/// A smaller attachment is copied, because it would keep the buffer that it was read into.
const SMALL: usize = 4096;

pub(crate) struct Intake {
    shared: Arc<Shared>,
    reader: Reader,
    incomplete: Option<Incomplete>,
    reading: Option<Reading>,
    pending: VecDeque<Incoming>,
    pending_bytes: usize,
    /// The memory of the event that an async handler has.
    handled_bytes: usize,
    memory: Holding,
}

/// A packet, and the attachments that have come so far.
struct Incomplete {
    text: String,
    attachments: Vec<Bytes>,
    missing: usize,
    deadline: Pin<Box<Sleep>>,
}

impl Incomplete {
    fn memory(&self) -> usize {
        size(&self.text, &self.attachments) + self.attachments.len() * ATTACHMENT
    }
}

/// A packet that is being read elsewhere, because it is large.
struct Reading {
    incoming: BoxFuture<'static, Option<Incoming>>,
    bytes: usize,
}

impl Intake {
    pub(crate) fn new(shared: Arc<Shared>, reader: Reader) -> Self {
        let memory = shared.pool().holding(Share::Events);
        Self {
            shared,
            reader,
            incomplete: None,
            reading: None,
            pending: VecDeque::new(),
            pending_bytes: 0,
            handled_bytes: 0,
            memory,
        }
    }

    /// Takes a message; returns the packet that it completes, unless that has to be [read](Self::poll) first.
    ///
    /// # Errors
    ///
    /// The reason to end the session: the message breaks the protocol, or it is more than may be held.
    pub(crate) fn take(&mut self, data: Data<'_>) -> Result<Option<Incoming>, DisconnectReason> {
        match (data, self.incomplete.take()) {
            (Data::Text(text), None) => self.take_text(text),
            (Data::Binary(attachment), Some(incomplete)) => self.take_attachment(attachment, incomplete),
            (Data::Text(_), Some(_)) | (Data::Binary(_), None) => Err(DisconnectReason::ParseError),
        }
    }

    fn take_text(&mut self, text: &str) -> Result<Option<Incoming>, DisconnectReason> {
        let config = &self.shared.config;
        let missing = Packet::attachments_of(text).map_err(|_| DisconnectReason::ParseError)?;
        if missing > config.max_attachments {
            return Err(DisconnectReason::ParseError);
        }
        if missing == 0 {
            return self.read(text, Vec::new());
        }
        let (text, deadline) = (text.to_owned(), Box::pin(sleep(config.event_timeout)));
        self.await_attachments(Incomplete { text, attachments: Vec::new(), missing, deadline })
    }

    fn take_attachment(
        &mut self,
        attachment: Bytes,
        mut incomplete: Incomplete,
    ) -> Result<Option<Incoming>, DisconnectReason> {
        incomplete.missing -= 1;
        incomplete.attachments.push(alone(attachment));
        if incomplete.missing == 0 {
            self.read(&incomplete.text, incomplete.attachments)
        } else {
            self.await_attachments(incomplete)
        }
    }

    fn await_attachments(&mut self, incomplete: Incomplete) -> Result<Option<Incoming>, DisconnectReason> {
        self.check_size(size(&incomplete.text, &incomplete.attachments))?;
        self.incomplete = Some(incomplete);
        self.hold().map(|()| None)
    }

    fn read(&mut self, text: &str, attachments: Vec<Bytes>) -> Result<Option<Incoming>, DisconnectReason> {
        let bytes = size(text, &attachments);
        self.check_size(bytes)?;
        if text.len() <= LARGE {
            return Incoming::read(text, attachments).map(Some).map_err(|_| DisconnectReason::ParseError);
        }
        let incoming = self.reader.clone().read(text.to_owned(), attachments).boxed();
        self.reading = Some(Reading { incoming, bytes });
        self.hold().map(|()| None)
    }

    fn check_size(&self, bytes: usize) -> Result<(), DisconnectReason> {
        let config = &self.shared.config;
        if bytes > config.max_event.max(config.max_payload) { Err(DisconnectReason::ParseError) } else { Ok(()) }
    }

    /// Goes on reading a large packet, and returns it when it has been read.
    ///
    /// # Errors
    ///
    /// The reason to end the session: the packet breaks the protocol, or its attachments did not come in time.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Incoming, DisconnectReason>> {
        if let Some(reading) = &mut self.reading
            && let Poll::Ready(incoming) = reading.incoming.poll_unpin(context)
        {
            self.reading = None;
            return Poll::Ready(incoming.ok_or(DisconnectReason::ParseError));
        }
        match &mut self.incomplete {
            Some(incomplete) => incomplete.deadline.poll_unpin(context).map(|()| Err(DisconnectReason::SlowClient)),
            None => Poll::Pending,
        }
    }

    /// Lets a packet wait for the handler that is running.
    ///
    /// # Errors
    ///
    /// The reason to end the session.
    pub(crate) fn queue(&mut self, incoming: Incoming) -> Result<(), DisconnectReason> {
        self.pending_bytes += incoming.memory;
        self.pending.push_back(incoming);
        self.hold()
    }

    /// The packet that has waited longest, now that no handler is running.
    pub(crate) fn next(&mut self) -> Option<Incoming> {
        let incoming = self.pending.pop_front()?;
        self.pending_bytes = self.pending_bytes.saturating_sub(incoming.memory);
        Some(incoming)
    }

    /// Records that an async handler has an event of so much memory.
    ///
    /// # Errors
    ///
    /// The reason to end the session.
    pub(crate) fn hand_over(&mut self, bytes: usize) -> Result<(), DisconnectReason> {
        self.handled_bytes = bytes;
        self.hold()
    }

    /// A packet has been handled. Its memory is released, unless an async handler still has it.
    pub(crate) fn let_go(&mut self, is_handled: bool) {
        if is_handled {
            self.handled_bytes = 0;
        }
        // It takes less than before.
        let _ = self.hold();
    }

    /// Whether nothing more is taken: a packet is being read, or too much waits behind an async handler.
    pub(crate) fn is_busy(&self) -> bool {
        let config = &self.shared.config;
        self.reading.is_some()
            || self.pending.len() >= config.pending_events
            || self.pending_bytes >= config.queue_bytes
    }

    fn hold(&mut self) -> Result<(), DisconnectReason> {
        let incomplete = self.incomplete.as_ref().map_or(0, Incomplete::memory);
        let reading = self.reading.as_ref().map_or(0, |reading| reading.bytes);
        let pending = self.pending_bytes + self.pending.len() * PACKET;
        let bytes = incomplete + reading + pending + self.handled_bytes;
        self.memory.resize(bytes).map_err(|_| DisconnectReason::ServerFull)
    }
}

fn alone(attachment: Bytes) -> Bytes {
    if attachment.len() < SMALL { Bytes::copy_from_slice(&attachment) } else { attachment }
}
