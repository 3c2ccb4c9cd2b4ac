//! The bounded queue between everything that emits and the one connection that writes.
//!
//! Pushing never waits. When the queue is full the configured policy decides, so that a client which
//! stops reading costs a fixed amount of memory and slows nobody else down.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

use crate::config::{Config, OverflowPolicy};
use crate::transport::Text;

/// Packets of the protocol itself that may wait for one client. An honest one has a handful.
const MAX_CONTROLS: usize = 1024;

/// What a socket has seen; shared between its handle, its queue and the counters' reader.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) received: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) dropped: AtomicU64,
}

/// One encoded packet on its way to a client.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    /// The packet; cloning it shares the text.
    pub(crate) text: Text,
    /// Whose event it is; `None` for packets of the protocol itself, which are never dropped.
    pub(crate) counters: Option<Arc<Counters>>,
}

/// What became of a pushed event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// It waits for its connection.
    Queued,
    /// A volatile event, and something was already waiting.
    NotWritable,
    /// The queue is full and the policy drops.
    Full,
    /// The queue is full and the policy disconnects.
    Overflowed,
    /// It is larger than the whole queue may be.
    TooLarge,
    /// The connection is gone.
    Closed,
}

#[derive(Debug)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    reader: AtomicWaker,
    max_messages: usize,
    max_bytes: usize,
    policy: OverflowPolicy,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Outgoing>,
    bytes: usize,
    /// How many of the queue are packets of the protocol itself, and their bytes.
    controls: usize,
    control_bytes: usize,
    overflowed: bool,
    closed: bool,
}

/// What the connection finds when it looks.
#[derive(Debug)]
pub(crate) enum Next {
    /// Write this.
    Packet(Outgoing),
    /// The client is too slow: end the connection.
    Overflowed,
}

impl Outbox {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            state: Mutex::default(),
            reader: AtomicWaker::new(),
            max_messages: config.queue_messages,
            max_bytes: config.queue_bytes,
            policy: config.overflow,
        }
    }

    /// Queues a packet of the protocol itself: an answer, a heartbeat. They are never dropped; a client
    /// that causes many of them and reads none is cut off.
    pub(crate) fn push_control(&self, text: impl Into<Text>) {
        let text = text.into();
        let mut state = self.lock();
        let too_many = state.controls >= MAX_CONTROLS || state.control_bytes + text.len() > self.max_bytes;
        if too_many && state.controls > 0 {
            state.overflowed = true;
        } else if !state.closed {
            state.add(Outgoing { text, counters: None });
        }
        drop(state);
        self.reader.wake();
    }

    /// Queues an event.
    pub(crate) fn push(&self, outgoing: Outgoing, volatile: bool) -> Pushed {
        let counters = outgoing.counters.clone();
        let pushed = self.offer(outgoing, volatile);
        if pushed != Pushed::Queued
            && let Some(counters) = counters
        {
            counters.dropped.fetch_add(1, Ordering::Relaxed);
        }
        self.reader.wake();
        pushed
    }

    fn offer(&self, outgoing: Outgoing, volatile: bool) -> Pushed {
        let mut state = self.lock();
        if state.closed || state.overflowed {
            return Pushed::Closed;
        }
        if outgoing.text.len() > self.max_bytes {
            return Pushed::TooLarge;
        }
        if volatile && !state.queue.is_empty() {
            return Pushed::NotWritable;
        }
        while state.is_full(self.max_messages, self.max_bytes, outgoing.text.len()) {
            match self.policy {
                OverflowPolicy::DropOldest => {
                    if !state.drop_oldest() {
                        return Pushed::Full;
                    }
                }
                OverflowPolicy::DropNewest => return Pushed::Full,
                OverflowPolicy::Disconnect => {
                    state.overflowed = true;
                    return Pushed::Overflowed;
                }
            }
        }
        state.add(outgoing);
        Pushed::Queued
    }

    /// The next packet to write. Only the connection calls this.
    pub(crate) fn poll_next(&self, context: &mut Context<'_>) -> Poll<Next> {
        self.reader.register(context.waker());
        let mut state = self.lock();
        if state.overflowed {
            return Poll::Ready(Next::Overflowed);
        }
        match state.remove_first() {
            Some(outgoing) => Poll::Ready(Next::Packet(outgoing)),
            None => Poll::Pending,
        }
    }

    /// Ready when the client is too slow. For a connection whose transport takes nothing at the moment.
    pub(crate) fn poll_overflow(&self, context: &mut Context<'_>) -> Poll<()> {
        self.reader.register(context.waker());
        if self.lock().overflowed { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().queue.is_empty()
    }

    /// Ends the queue: what waits is forgotten, what is pushed later is refused.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        (state.bytes, state.controls, state.control_bytes) = (0, 0, 0);
        state.queue.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_full(&self, max_messages: usize, max_bytes: usize, size: usize) -> bool {
        self.queue.len() >= max_messages || self.bytes + size > max_bytes
    }

    fn add(&mut self, outgoing: Outgoing) {
        self.bytes += outgoing.text.len();
        if outgoing.counters.is_none() {
            self.controls += 1;
            self.control_bytes += outgoing.text.len();
        }
        self.queue.push_back(outgoing);
    }

    fn remove_first(&mut self) -> Option<Outgoing> {
        let outgoing = self.queue.pop_front()?;
        self.bytes -= outgoing.text.len();
        if outgoing.counters.is_none() {
            self.controls -= 1;
            self.control_bytes -= outgoing.text.len();
        }
        Some(outgoing)
    }

    /// Drops the event that has waited longest; packets of the protocol stay.
    fn drop_oldest(&mut self) -> bool {
        let Some(index) = self.queue.iter().position(|outgoing| outgoing.counters.is_some()) else {
            return false;
        };
        let Some(outgoing) = self.queue.remove(index) else { return false };
        self.bytes -= outgoing.text.len();
        if let Some(counters) = outgoing.counters {
            counters.dropped.fetch_add(1, Ordering::Relaxed);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::task::noop_waker_ref;

    fn outbox(overflow: OverflowPolicy) -> (Outbox, Arc<Counters>) {
        let config = Config { queue_messages: 2, queue_bytes: 10, overflow, ..Config::default() };
        (Outbox::new(&config), Arc::default())
    }

    fn event(text: &str, counters: &Arc<Counters>) -> Outgoing {
        Outgoing { text: text.into(), counters: Some(Arc::clone(counters)) }
    }

    fn drain(outbox: &Outbox) -> Vec<String> {
        let mut context = Context::from_waker(noop_waker_ref());
        let mut texts = Vec::new();
        while let Poll::Ready(Next::Packet(outgoing)) = outbox.poll_next(&mut context) {
            texts.push(outgoing.text.to_string());
        }
        texts
    }

    #[test]
    fn each_policy_keeps_what_it_says() {
        for (policy, third, kept, dropped) in [
            (OverflowPolicy::DropNewest, Pushed::Full, vec!["a", "b"], 1),
            (OverflowPolicy::DropOldest, Pushed::Queued, vec!["b", "c"], 1),
            (OverflowPolicy::Disconnect, Pushed::Overflowed, vec![], 1),
        ] {
            let (outbox, counters) = outbox(policy);
            outbox.push(event("a", &counters), false);
            outbox.push(event("b", &counters), false);
            assert_eq!(outbox.push(event("c", &counters), false), third);
            assert_eq!(drain(&outbox), kept, "{policy:?}");
            assert_eq!(counters.dropped.load(Ordering::Relaxed), dropped);
        }
    }

    #[test]
    fn bytes_are_bounded_too() {
        let (outbox, counters) = outbox(OverflowPolicy::DropNewest);
        assert_eq!(outbox.push(event("0123456789abcdef", &counters), false), Pushed::TooLarge);
        assert_eq!(outbox.push(event("0123456789", &counters), false), Pushed::Queued);
        assert_eq!(outbox.push(event("x", &counters), false), Pushed::Full);
        assert_eq!(drain(&outbox).len(), 1);
        assert_eq!(outbox.push(event("x", &counters), false), Pushed::Queued);
    }

    #[test]
    fn packets_of_the_protocol_are_never_dropped() {
        let (outbox, counters) = outbox(OverflowPolicy::DropOldest);
        outbox.push_control("2");
        outbox.push_control("3");
        assert_eq!(outbox.push(event("a", &counters), false), Pushed::Full);
        assert_eq!(drain(&outbox), ["2", "3"]);
    }

    #[test]
    fn a_client_that_asks_much_and_reads_nothing_is_cut_off() {
        let (outbox, _) = outbox(OverflowPolicy::DropNewest);
        outbox.push_control("43[1]");
        outbox.push_control("430[\"large\"]");
        let mut context = Context::from_waker(noop_waker_ref());
        assert!(matches!(outbox.poll_next(&mut context), Poll::Ready(Next::Overflowed)));
    }

    #[test]
    fn a_volatile_event_is_dropped_when_something_waits() {
        let (outbox, counters) = outbox(OverflowPolicy::Disconnect);
        assert_eq!(outbox.push(event("a", &counters), true), Pushed::Queued);
        assert_eq!(outbox.push(event("b", &counters), true), Pushed::NotWritable);
    }

    #[test]
    fn a_closed_outbox_takes_nothing() {
        let (outbox, counters) = outbox(OverflowPolicy::Disconnect);
        outbox.push(event("a", &counters), false);
        outbox.close();
        assert_eq!(outbox.push(event("b", &counters), false), Pushed::Closed);
        assert!(drain(&outbox).is_empty());
    }
}
