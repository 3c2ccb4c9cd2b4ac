//! The bounded queue between everything that emits and the one session that writes.
//!
//! Pushing never waits. When the queue is full a policy decides, so that a client which stops reading costs
//! a fixed amount of memory and slows nobody else down.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;

use futures_util::task::AtomicWaker;

use crate::config::{Config, OverflowPolicy};
use crate::frames::Frames;
use crate::memory::{Budget, Holding, Share};
use crate::reason::DisconnectReason;
use crate::wakes::Wakes;

/// Packets of the protocol itself that may wait for one client. An honest client has a handful.
const MAX_CONTROLS: usize = 1024;

/// A socket's counters; shared between its handle, its queue and the counters' reader.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) received: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) dropped: AtomicU64,
}

/// One event on its way to a client.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// The event; cloning it shares the bytes.
    pub(crate) frames: Frames,
    /// The state that it is the latest value of, under [`OverflowPolicy::KeepLatest`].
    pub(crate) key: Option<Arc<str>>,
}

/// How to treat a client that is not ready to take an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Drop the event unless the client takes it at once.
    Volatile,
    /// Let it wait; when the queue is full, do this.
    Queued(OverflowPolicy),
}

/// What became of a pushed event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed {
    /// It waits for its session.
    Queued,
    /// It waits in place of that many older events.
    Displaced(u64),
    /// A volatile event, and something was already waiting.
    NotWritable,
    /// The queue is full and the policy drops.
    Full,
    /// The queue is full and the policy disconnects.
    Overflowed,
    /// The clients hold all the memory that the server allows, this one more than its share, and the policy
    /// disconnects.
    NoMemory,
    /// It is larger than the whole queue may be.
    TooLarge,
    /// The session is gone.
    Closed,
}

/// What the session finds when it polls the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing to do.
    Empty,
    /// Something waits.
    Waiting,
    /// So much waits that it should be written before anything more is done.
    Pressing,
    /// Somebody wants the session to end.
    Ended(DisconnectReason),
}

#[derive(Debug)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    reader: Arc<AtomicWaker>,
    max_messages: usize,
    max_bytes: usize,
    /// The memory that all clients may hold beyond their shares.
    pool: Arc<Budget>,
}

#[derive(Debug)]
struct State {
    queue: VecDeque<Entry>,
    /// How many missed events are in it, and how many more are about to be.
    missed: usize,
    to_be_missed: usize,
    /// The memory that it takes in addition to the frames.
    places: Holding,
    /// The events in the queue that count against its limits, and all bytes that do.
    events: usize,
    event_bytes: usize,
    /// The packets of the protocol itself in the queue, and their bytes.
    controls: usize,
    control_bytes: usize,
    ended: Option<DisconnectReason>,
    closed: bool,
}

#[derive(Debug)]
enum Entry {
    /// A packet of the protocol itself. It is never dropped.
    Protocol(Frames),
    /// An event. A policy may drop it.
    Event(Event),
    /// Events that the client missed while it was away. They are never dropped, and only their places count as memory:
    /// the server remembers their bytes anyway.
    Missed { events: VecDeque<Frames>, counters: Arc<Counters> },
}

#[derive(Debug)]
struct Event {
    frames: Frames,
    counters: Arc<Counters>,
    key: Option<Arc<str>>,
}

/// Bytes that a place in the queue takes; a queue that grows has up to twice as many as it needs.
const PLACE: usize = 2 * size_of::<Entry>();

impl Outbox {
    pub(crate) fn new(config: &Config, pool: &Arc<Budget>) -> Self {
        Self {
            state: Mutex::new(State::new(pool)),
            reader: Arc::default(),
            max_messages: config.queue_messages,
            max_bytes: config.queue_bytes,
            pool: Arc::clone(pool),
        }
    }

    /// Queues a packet of the protocol itself: an answer, a heartbeat. It is never dropped; a client that causes many
    /// of them and reads none is cut off.
    pub(crate) fn push_control(&self, frames: Frames) {
        let frames = frames.charged(&self.pool);
        let mut state = self.lock();
        let too_many = state.controls >= MAX_CONTROLS
            || state.control_bytes + frames.len() > self.max_bytes
            || self.lacks_memory_for(&mut state, frames.len());
        if too_many && state.controls > 0 {
            state.ended = state.ended.or(Some(DisconnectReason::SlowClient));
        } else if !state.closed {
            state.add(Entry::Protocol(frames));
        }
        drop(state);
        self.reader.wake();
    }

    /// Reserves memory for this many missed events; `false` if there is none. Their bytes do not count: the server
    /// remembers those anyway.
    pub(crate) fn has_room_for_missed(&self, events: usize) -> bool {
        let mut state = self.lock();
        let before = std::mem::replace(&mut state.to_be_missed, events);
        let bytes = state.bytes_of_places();
        let fits = state.places.fits(bytes);
        if !fits {
            state.to_be_missed = before;
        }
        fits
    }

    /// Queues the events that the client missed while it was away.
    pub(crate) fn push_missed(&self, events: VecDeque<Frames>, counters: Arc<Counters>) {
        let mut state = self.lock();
        state.to_be_missed = 0;
        if !state.closed && !events.is_empty() {
            state.add(Entry::Missed { events, counters });
        }
        drop(state);
        self.reader.wake();
    }

    /// Queues an event, and counts the events that are dropped for it, or itself if it is dropped. `counters` are those
    /// of the socket that it is meant for.
    pub(crate) fn push(
        &self,
        outgoing: Outgoing,
        counters: &Arc<Counters>,
        delivery: Delivery,
        wakes: &mut Wakes,
    ) -> Pushed {
        let pushed = self.offer(outgoing, counters, delivery, wakes);
        match pushed {
            Pushed::Queued => {}
            Pushed::Displaced(events) => drop(counters.dropped.fetch_add(events, Ordering::Relaxed)),
            Pushed::NotWritable
            | Pushed::Full
            | Pushed::Overflowed
            | Pushed::NoMemory
            | Pushed::TooLarge
            | Pushed::Closed => drop(counters.dropped.fetch_add(1, Ordering::Relaxed)),
        }
        pushed
    }

    /// Makes the session end. Queued messages are still written, unless the reason is that the client does not read.
    pub(crate) fn end(&self, reason: DisconnectReason) {
        let mut state = self.lock();
        state.ended = state.ended.or(Some(reason));
        drop(state);
        self.reader.wake();
    }

    fn offer(&self, outgoing: Outgoing, counters: &Arc<Counters>, delivery: Delivery, wakes: &mut Wakes) -> Pushed {
        let mut state = self.lock();
        let size = outgoing.frames.len();
        if state.closed || state.ended.is_some() {
            return Pushed::Closed;
        }
        if size > self.max_bytes {
            return Pushed::TooLarge;
        }
        if delivery == Delivery::Volatile && !state.queue.is_empty() {
            return Pushed::NotWritable;
        }
        let mut displaced = 0;
        loop {
            let is_full = state.is_full(self.max_messages, self.max_bytes, size);
            if !is_full && !self.lacks_memory_for(&mut state, size) {
                break;
            }
            let made_room = match delivery {
                Delivery::Queued(OverflowPolicy::Disconnect) => {
                    let reason = if is_full { DisconnectReason::SlowClient } else { DisconnectReason::ServerFull };
                    state.ended = Some(reason);
                    self.reader.wake();
                    return if is_full { Pushed::Overflowed } else { Pushed::NoMemory };
                }
                Delivery::Queued(OverflowPolicy::DropOldest) => state.drop_oldest(),
                Delivery::Queued(OverflowPolicy::KeepLatest) => {
                    state.drop_same(outgoing.key.as_ref()) || state.drop_oldest()
                }
                Delivery::Queued(OverflowPolicy::DropNewest) | Delivery::Volatile => false,
            };
            if !made_room {
                return if displaced == 0 { Pushed::Full } else { Pushed::Displaced(displaced + 1) };
            }
            displaced += 1;
        }
        let Outgoing { frames, key } = outgoing;
        let is_first = state.queue.is_empty();
        state.add(Entry::Event(Event { frames, counters: Arc::clone(counters), key }));
        let is_pressing = state.is_full(self.max_messages / 2, self.max_bytes / 2, 0);
        drop(state);
        // If something waits already, the session knows.
        if is_first {
            wakes.add(&self.reader);
        } else if is_pressing {
            // Otherwise a session whose turn to be woken has not come would lose events.
            self.reader.wake();
        }
        if displaced == 0 { Pushed::Queued } else { Pushed::Displaced(displaced) }
    }

    /// What there is to do. Only the session calls this: it is woken when that changes.
    pub(crate) fn poll_status(&self, context: &mut Context<'_>) -> Status {
        self.reader.register(context.waker());
        let state = self.lock();
        match state.ended {
            Some(reason) => Status::Ended(reason),
            None if state.queue.is_empty() => Status::Empty,
            None if state.is_full(self.max_messages / 2, self.max_bytes / 2, 0) => Status::Pressing,
            None => Status::Waiting,
        }
    }

    /// The session is awake. Nothing wakes it until it polls again, so that its own answers do not cut its pauses
    /// short.
    pub(crate) fn attend(&self) {
        drop(self.reader.take());
    }

    /// Gives packets to `receive` until it wants no more.
    pub(crate) fn drain(&self, mut receive: impl FnMut(Frames) -> ControlFlow<()>) {
        let mut state = self.lock();
        while let Some(frames) = state.remove_first() {
            if receive(frames).is_break() {
                return;
            }
        }
    }

    /// Ends the queue: queued messages are forgotten, later ones are refused.
    pub(crate) fn close(&self) {
        let before = std::mem::replace(&mut *self.lock(), State { closed: true, ..State::new(&self.pool) });
        drop(before);
    }

    /// Whether the clients hold all the memory that the server allows, and this one more than its share. If not, a
    /// place is reserved.
    fn lacks_memory_for(&self, state: &mut State, size: usize) -> bool {
        let is_beyond = state.event_bytes + state.control_bytes + size > Share::Queue.bytes();
        let places = state.bytes_of_places() + PLACE;
        is_beyond && self.pool.is_exceeded() || !state.places.fits(places)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(pool: &Arc<Budget>) -> Self {
        Self {
            queue: VecDeque::new(),
            missed: 0,
            to_be_missed: 0,
            places: pool.holding(Share::Places),
            events: 0,
            event_bytes: 0,
            controls: 0,
            control_bytes: 0,
            ended: None,
            closed: false,
        }
    }

    fn bytes_of_places(&self) -> usize {
        (self.missed + self.to_be_missed) * size_of::<Frames>() + self.queue.len() * PLACE
    }

    fn is_full(&self, max_messages: usize, max_bytes: usize, size: usize) -> bool {
        self.events + self.controls >= max_messages || self.event_bytes + self.control_bytes + size > max_bytes
    }

    fn add(&mut self, entry: Entry) {
        self.count(&entry, usize::wrapping_add);
        self.queue.push_back(entry);
    }

    fn count(&mut self, entry: &Entry, change: fn(usize, usize) -> usize) {
        let (number, bytes, frames) = match entry {
            Entry::Protocol(frames) => (&mut self.controls, &mut self.control_bytes, frames),
            Entry::Event(event) => (&mut self.events, &mut self.event_bytes, &event.frames),
            Entry::Missed { events, .. } => {
                self.missed = change(self.missed, events.len());
                return;
            }
        };
        *number = change(*number, 1);
        *bytes = change(*bytes, frames.len());
    }

    fn remove_first(&mut self) -> Option<Frames> {
        if let Some(Entry::Missed { events, counters }) = self.queue.front_mut()
            && events.len() > 1
        {
            counters.sent.fetch_add(1, Ordering::Relaxed);
            self.missed -= 1;
            return events.pop_front();
        }
        let entry = self.queue.pop_front()?;
        self.count(&entry, usize::wrapping_sub);
        if self.queue.is_empty() {
            // An idle client does not keep the memory of its busy times.
            self.queue.shrink_to(8);
        }
        // It takes less than before, so it fits.
        let _ = self.places.resize(self.bytes_of_places());
        let (frames, counters) = match entry {
            Entry::Protocol(frames) => return Some(frames),
            Entry::Event(Event { frames, counters, .. }) => (frames, counters),
            Entry::Missed { mut events, counters } => (events.pop_front()?, counters),
        };
        counters.sent.fetch_add(1, Ordering::Relaxed);
        Some(frames)
    }

    /// Drops the event that has waited longest; packets of the protocol stay, and so do events that the client missed.
    fn drop_oldest(&mut self) -> bool {
        self.drop_first(|_| true)
    }

    /// Drops the waiting event with the same key.
    fn drop_same(&mut self, wanted: Option<&Arc<str>>) -> bool {
        self.drop_first(|event| event.key.is_some() && event.key.as_ref() == wanted)
    }

    fn drop_first(&mut self, wanted: impl Fn(&Event) -> bool) -> bool {
        let is_wanted = |entry: &Entry| matches!(entry, Entry::Event(event) if wanted(event));
        let Some(index) = self.queue.iter().position(is_wanted) else { return false };
        let Some(entry) = self.queue.remove(index) else { return false };
        self.count(&entry, usize::wrapping_sub);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    use crate::frames::Content;

    const DISCONNECT: Delivery = Delivery::Queued(OverflowPolicy::Disconnect);

    /// Room for two events; a frame's header takes two bytes.
    fn outbox() -> (Outbox, Arc<Counters>) {
        let config = Config { queue_messages: 2, queue_bytes: 14, ..Config::default() };
        (Outbox::new(&config, &Budget::new(1024)), Arc::default())
    }

    fn event(text: &str) -> Outgoing {
        keyed(text, "e")
    }

    fn keyed(text: &str, key: &str) -> Outgoing {
        Outgoing { frames: Frames::text(text), key: Some(key.into()) }
    }

    fn status(outbox: &Outbox) -> Status {
        outbox.poll_status(&mut Context::from_waker(Waker::noop()))
    }

    fn drain(outbox: &Outbox) -> Vec<String> {
        let mut texts = Vec::new();
        outbox.drain(|frames| {
            texts.extend(frames.contents().map(|content| match content {
                Content::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                Content::Binary(data) => format!("{data:?}"),
            }));
            ControlFlow::Continue(())
        });
        texts
    }

    #[test]
    fn each_policy_keeps_what_it_says() {
        for (policy, third, kept, dropped, then) in [
            (OverflowPolicy::DropNewest, Pushed::Full, ["a", "b"], 1, Status::Empty),
            (OverflowPolicy::DropOldest, Pushed::Displaced(1), ["b", "c"], 1, Status::Empty),
            (
                OverflowPolicy::Disconnect,
                Pushed::Overflowed,
                ["a", "b"],
                1,
                Status::Ended(DisconnectReason::SlowClient),
            ),
        ] {
            let (outbox, counters) = outbox();
            outbox.push(event("a"), &counters, Delivery::Queued(policy), &mut Wakes::default());
            outbox.push(event("b"), &counters, Delivery::Queued(policy), &mut Wakes::default());
            assert_eq!(outbox.push(event("c"), &counters, Delivery::Queued(policy), &mut Wakes::default()), third);
            assert_eq!(drain(&outbox), kept, "{policy:?}");
            assert_eq!(status(&outbox), then, "{policy:?}");
            assert_eq!(counters.dropped.load(Ordering::Relaxed), dropped);
        }
    }

    #[test]
    fn the_latest_of_each_key_is_kept() {
        let (outbox, counters) = outbox();
        let delivery = Delivery::Queued(OverflowPolicy::KeepLatest);
        outbox.push(keyed("ann 1", "ann"), &counters, delivery, &mut Wakes::default());
        outbox.push(keyed("bo 1", "bo"), &counters, delivery, &mut Wakes::default());
        assert_eq!(outbox.push(keyed("bo 2", "bo"), &counters, delivery, &mut Wakes::default()), Pushed::Displaced(1));
        assert_eq!(drain(&outbox), ["ann 1", "bo 2"]);

        outbox.push(keyed("ann 2", "ann"), &counters, delivery, &mut Wakes::default());
        outbox.push(keyed("bo 3", "bo"), &counters, delivery, &mut Wakes::default());
        outbox.push(keyed("cy 1", "cy"), &counters, delivery, &mut Wakes::default());
        assert_eq!(drain(&outbox), ["bo 3", "cy 1"], "without one with its key, the oldest goes");
    }

    #[test]
    fn bytes_are_bounded_too() {
        let (outbox, counters) = outbox();
        let delivery = Delivery::Queued(OverflowPolicy::DropNewest);
        assert_eq!(
            outbox.push(event("0123456789abcdef"), &counters, delivery, &mut Wakes::default()),
            Pushed::TooLarge
        );
        assert_eq!(outbox.push(event("0123456789ab"), &counters, delivery, &mut Wakes::default()), Pushed::Queued);
        assert_eq!(outbox.push(event("x"), &counters, delivery, &mut Wakes::default()), Pushed::Full);
        assert_eq!(drain(&outbox).len(), 1);
        assert_eq!(outbox.push(event("x"), &counters, delivery, &mut Wakes::default()), Pushed::Queued);
    }

    #[test]
    fn packets_of_the_protocol_are_never_dropped() {
        let (outbox, counters) = outbox();
        outbox.push_control(Frames::text("2"));
        outbox.push_control(Frames::text("3"));
        let delivery = Delivery::Queued(OverflowPolicy::DropOldest);
        assert_eq!(outbox.push(event("a"), &counters, delivery, &mut Wakes::default()), Pushed::Full);
        assert_eq!(drain(&outbox), ["2", "3"]);
    }

    #[test]
    fn what_was_missed_goes_first_is_never_dropped_and_takes_no_room() {
        let (outbox, counters) = outbox();
        assert!(outbox.has_room_for_missed(3));
        outbox.push_missed((0..3).map(|_| Frames::text("missed")).collect(), Arc::clone(&counters));
        let delivery = Delivery::Queued(OverflowPolicy::DropOldest);
        for text in ["a", "b", "c"] {
            outbox.push(event(text), &counters, delivery, &mut Wakes::default());
        }
        assert_eq!(drain(&outbox), ["missed", "missed", "missed", "b", "c"]);
        assert_eq!(counters.sent.load(Ordering::Relaxed), 5);
    }

    /// An outbox of a server whose clients hold all that it allows.
    fn crowded() -> (Outbox, Arc<Counters>, impl Drop) {
        let pool = Budget::new(1024);
        let charge = pool.charge(2048);
        (Outbox::new(&Config::default(), &pool), Arc::default(), charge)
    }

    #[test]
    fn where_the_clients_hold_everything_a_queue_ends_with_its_share() {
        let (outbox, counters, held) = crowded();
        let large = || event(&"x".repeat(10_000));
        let delivery = Delivery::Queued(OverflowPolicy::DropNewest);
        let pushed: Vec<_> = (0..4).map(|_| outbox.push(large(), &counters, delivery, &mut Wakes::default())).collect();
        assert_eq!(pushed, [Pushed::Queued, Pushed::Queued, Pushed::Queued, Pushed::Full]);
        assert_eq!(
            outbox.push(large(), &counters, Delivery::Queued(OverflowPolicy::DropOldest), &mut Wakes::default()),
            Pushed::Displaced(1)
        );
        drop(held);
        assert_eq!(outbox.push(large(), &counters, delivery, &mut Wakes::default()), Pushed::Queued);
    }

    #[test]
    fn places_take_memory_too() {
        let (outbox, counters, held) = crowded();
        let places = Share::Places.bytes() / PLACE;
        for _ in 0..places {
            assert_eq!(outbox.push(event(""), &counters, DISCONNECT, &mut Wakes::default()), Pushed::Queued);
        }
        assert_eq!(outbox.push(event(""), &counters, DISCONNECT, &mut Wakes::default()), Pushed::NoMemory);
        assert_eq!(status(&outbox), Status::Ended(DisconnectReason::ServerFull));
        assert!(!outbox.has_room_for_missed(1));
        drop(held);
    }

    /// In between comes the reply that tells the client that it is back.
    #[test]
    fn what_is_set_aside_for_missed_events_stays_so() {
        let (outbox, counters, held) = crowded();
        let events = Share::Places.bytes() / size_of::<Frames>() - 5;
        assert!(outbox.has_room_for_missed(events));
        outbox.push_control(Frames::text("40"));
        assert_eq!(outbox.push(event(""), &counters, DISCONNECT, &mut Wakes::default()), Pushed::NoMemory);
        drop(held);
    }

    #[test]
    fn a_client_that_asks_much_and_reads_nothing_is_cut_off() {
        let (outbox, _) = outbox();
        outbox.push_control(Frames::text("43[1]"));
        outbox.push_control(Frames::text("430[\"large\"]"));
        assert_eq!(status(&outbox), Status::Ended(DisconnectReason::SlowClient));
    }

    #[test]
    fn a_volatile_event_is_dropped_when_something_waits() {
        let (outbox, counters) = outbox();
        assert_eq!(outbox.push(event("a"), &counters, Delivery::Volatile, &mut Wakes::default()), Pushed::Queued);
        assert_eq!(outbox.push(event("b"), &counters, Delivery::Volatile, &mut Wakes::default()), Pushed::NotWritable);
    }

    #[test]
    fn a_queue_that_is_half_full_presses() {
        let (outbox, counters) = outbox();
        assert_eq!(status(&outbox), Status::Empty);
        outbox.push(event("a"), &counters, DISCONNECT, &mut Wakes::default());
        assert_eq!(status(&outbox), Status::Pressing);
    }

    #[test]
    fn a_closed_outbox_takes_nothing() {
        let (outbox, counters) = outbox();
        outbox.push(event("a"), &counters, DISCONNECT, &mut Wakes::default());
        outbox.close();
        assert_eq!(outbox.push(event("b"), &counters, DISCONNECT, &mut Wakes::default()), Pushed::Closed);
        assert!(drain(&outbox).is_empty());
    }
}
