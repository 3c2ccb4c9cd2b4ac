//! Connection state recovery: a client that was cut off comes back as the same socket, and gets what it missed.
//!
//! The reply to a CONNECT has a `pid`, which only that client knows; each event ends with an offset, which the client
//! keeps. When it comes back it sends both. (Source: Socket.IO's documentation, "Connection state recovery", and
//! `in-memory-adapter.ts`.)
//!
//! A namespace remembers its latest events with their audiences, and when each socket was in which rooms. Together they
//! give exactly the events that a socket missed. An offset is the number of an event in its namespace, counted from 1,
//! so a client whose last event is long ago has missed nothing if nothing has been sent to it since.
//!
//! All namespaces of a server share the memory for that. A namespace that exceeds it forgets its own oldest entries,
//! all of them if need be, and never those of another, so no namespace waits for another.

mod stays;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde_json::Value;
use tokio::time::Instant;

use crate::broadcast::Audience;
use crate::frames::Frames;
use crate::identity::Identity;
use crate::identity::new_id;
use crate::memory::{Budget, Charge, memory_of};
use crate::remembered::Remembered;
use crate::socket::Socket;
pub(crate) use stays::Stays;

/// Roughly the memory of an event in addition to its bytes, and of an absent client in addition to its rooms and data.
const OVERHEAD: usize = 160;

/// The events and clients that a namespace remembers.
#[derive(Debug)]
pub(crate) struct History {
    remembered: Arc<Remembered>,
    /// The latest events, without gaps.
    events: VecDeque<PastEvent>,
    /// The offset that the next event gets.
    next: u64,
    /// The absent clients, in the order in which they left.
    absent: BTreeMap<u64, (Absent, Charge)>,
    departures: u64,
    /// Where each client is.
    places: HashMap<Arc<str>, Whereabouts>,
}

#[derive(Debug, Clone)]
enum Whereabouts {
    /// Its socket is there, or on its way out.
    Present(Socket),
    /// It has gone; its number among the absent.
    Absent(u64),
}

/// An event, and who was meant to hear it.
#[derive(Debug)]
struct PastEvent {
    at: Instant,
    frames: Frames,
    rooms: Vec<String>,
    except: Vec<String>,
    sender: Option<u64>,
    only: Option<u64>,
    _charge: Charge,
}

/// A socket that has gone but may come back.
#[derive(Debug)]
pub(crate) struct Absent {
    pub(crate) pid: Arc<str>,
    pub(crate) identity: Identity,
    pub(crate) data: BTreeMap<String, Value>,
    pub(crate) stays: Stays,
    /// The first offset that it could hear.
    pub(crate) since: u64,
    /// The last offset that it was meant to hear while it was there; 0 for none.
    pub(crate) last: u64,
    /// The number of its next question to the client; answers to earlier ones may still come.
    pub(crate) next_ack: u64,
    pub(crate) departed: Departure,
}

/// When a socket left: by the clock, and as the first offset that it could not receive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Departure {
    at: Instant,
    offset: u64,
}

/// A socket that has come back, and is about to be admitted again.
#[derive(Debug)]
pub(crate) struct Returning {
    pub(crate) absent: Absent,
    /// Its number among the absent, to which it returns if it is not let in.
    number: u64,
    /// The first offset that it may have missed.
    from: u64,
}

/// The claim that a client makes when it comes back.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) pid: String,
    /// Of the last event that it heard.
    pub(crate) offset: Option<String>,
}

impl Claim {
    /// Removes the claim from the client's `auth`, in which the application does not expect it.
    pub(crate) fn take_from(auth: &mut Value) -> Option<Self> {
        let auth = auth.as_object_mut()?;
        let (pid, offset) = (auth.remove("pid"), auth.remove("offset"));
        let Some(Value::String(pid)) = pid else { return None };
        let offset = match offset {
            None | Some(Value::Null) => None,
            Some(Value::String(offset)) => Some(offset),
            // The client sent something that is not an offset; that is not the same as sending none.
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Some(String::new()),
        };
        Some(Self { pid, offset })
    }
}

/// Why a client does not become the socket that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotRecovered {
    #[error("no client of that private id is away, or it was away for too long")]
    Unknown,
    #[error("it may have missed more than the server remembers")]
    Forgotten,
    #[error("the server has no memory left for what it missed")]
    NoRoom,
}

impl History {
    pub(crate) fn new(remembered: Arc<Remembered>) -> Self {
        Self {
            remembered,
            events: VecDeque::new(),
            next: 1,
            absent: BTreeMap::new(),
            departures: 0,
            places: HashMap::new(),
        }
    }

    /// The offset that the next event gets.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// The offset of the oldest event that is remembered, or else of the next one.
    pub(crate) fn oldest(&self) -> u64 {
        self.next - self.events.len() as u64
    }

    /// A socket that goes now.
    pub(crate) fn departure(&self) -> Departure {
        Departure { at: Instant::now(), offset: self.next }
    }

    /// Gives an event its offset, and remembers it. It is charged to `pool` for as long as anything holds it, this
    /// history included.
    pub(crate) fn keep(&mut self, audience: &Audience, frames: Frames, pool: &Arc<Budget>) -> (Frames, u64) {
        let offset = self.next;
        let frames = frames.with_offset(offset).charged(pool);
        self.next += 1;
        let rooms = audience.rooms.iter().chain(&audience.except_rooms);
        let bytes = OVERHEAD + frames.len() + rooms.map(String::len).sum::<usize>();
        self.events.push_back(PastEvent {
            at: Instant::now(),
            frames: frames.clone(),
            rooms: audience.rooms.clone(),
            except: audience.except_rooms.clone(),
            sender: audience.sender.as_ref().map(Socket::key),
            only: audience.only.as_ref().map(Socket::key),
            _charge: self.remembered.events.charge(bytes),
        });
        self.forget_events();
        (frames, offset)
    }

    /// Gives an event that is not remembered the offset of the last one that is: a client that receives it has received
    /// that one, unless a policy dropped it.
    pub(crate) fn stamp(&self, frames: Frames) -> Frames {
        frames.with_offset(self.next - 1)
    }

    /// Records that a socket is there; returns the private id with which it can come back.
    pub(crate) fn arrive(&mut self, socket: &Socket) -> Arc<str> {
        let pid: Arc<str> = new_id().into();
        self.arrive_again(&pid, socket);
        pid
    }

    /// Records that a socket is there again.
    pub(crate) fn arrive_again(&mut self, pid: &Arc<str>, socket: &Socket) {
        self.places.insert(Arc::clone(pid), Whereabouts::Present(socket.clone()));
    }

    /// Records that a socket has gone for good.
    pub(crate) fn forget(&mut self, pid: &str) {
        self.places.remove(pid);
    }

    /// Records that a socket has gone and may come back.
    pub(crate) fn depart(&mut self, absent: Absent) {
        self.departures += 1;
        self.keep_absent(self.departures, absent);
    }

    /// Remembers a socket again that came back and could not be admitted.
    pub(crate) fn put_back(&mut self, returning: Returning) {
        self.keep_absent(returning.number, returning.absent);
    }

    fn keep_absent(&mut self, number: u64, absent: Absent) {
        let bytes = absent.bytes();
        if bytes > self.remembered.share() {
            return self.forget(&absent.pid);
        }
        self.places.insert(Arc::clone(&absent.pid), Whereabouts::Absent(number));
        self.absent.insert(number, (absent, self.remembered.absent.charge(bytes)));
        self.forget_absent();
    }

    /// The socket of this private id, if it is not gone altogether.
    pub(crate) fn present(&self, pid: &str) -> Option<&Socket> {
        match self.places.get(pid)? {
            Whereabouts::Present(socket) => Some(socket),
            Whereabouts::Absent(_) => None,
        }
    }

    /// Hands out the remembered state of the client that claims this private id, so that no other can come back in its
    /// place. `heard` is the last offset that it received, if any.
    pub(crate) fn recall(&mut self, pid: &str, heard: Option<&str>) -> Result<Returning, NotRecovered> {
        self.expire();
        let Some(&Whereabouts::Absent(number)) = self.places.get(pid) else { return Err(NotRecovered::Unknown) };
        let heard = heard.map_or(Some(0), Frames::parse_offset).filter(|heard| *heard < self.next);
        let heard = heard.ok_or(NotRecovered::Unknown)?;
        let absent = self.remove_absent(number).ok_or(NotRecovered::Unknown)?;
        // A client that has received all that was meant for it has missed nothing while it was there.
        let unheard = if heard >= absent.last { absent.departed.offset } else { absent.since };
        let returning = Returning { from: unheard.max(heard + 1), number, absent };
        if self.is_known(&returning) { Ok(returning) } else { Err(NotRecovered::Forgotten) }
    }

    /// The events that it missed, in order, each with its offset.
    pub(crate) fn missed(&mut self, returning: &Returning) -> Result<Vec<(u64, Frames)>, NotRecovered> {
        self.forget_events();
        if !self.is_known(returning) {
            return Err(NotRecovered::Forgotten);
        }
        let oldest = self.oldest();
        let events = (oldest..).zip(&self.events).filter(|(offset, _)| *offset >= returning.from);
        let missed = events.filter(|(offset, event)| event.concerns(&returning.absent, *offset));
        Ok(missed.map(|(offset, event)| (offset, event.frames.clone())).collect())
    }

    /// Forgets events and absent clients that are too old.
    pub(crate) fn expire(&mut self) {
        self.forget_events();
        self.forget_absent();
    }

    /// Whether no client is away that may come back.
    pub(crate) fn is_settled(&mut self) -> bool {
        self.forget_absent();
        self.absent.is_empty()
    }

    fn is_known(&self, returning: &Returning) -> bool {
        returning.from >= self.oldest() && returning.from >= returning.absent.stays.complete_from()
    }

    fn forget_events(&mut self) {
        let (now, settings) = (Instant::now(), self.remembered.settings);
        while let Some(event) = self.events.front()
            && (self.remembered.events.is_exceeded()
                || self.events.len() > settings.max_events
                || now - event.at > settings.max_age)
        {
            self.events.pop_front();
        }
        // The place of an event counts too, so it is released as well.
        if self.events.len() < self.events.capacity() / 4 {
            self.events.shrink_to(self.events.capacity() / 2);
        }
    }

    fn forget_absent(&mut self) {
        let (now, settings) = (Instant::now(), self.remembered.settings);
        while let Some((number, (absent, _))) = self.absent.first_key_value()
            && (self.remembered.absent.is_exceeded() || now - absent.departed.at > settings.max_age)
        {
            let number = *number;
            self.remove_absent(number);
        }
    }

    fn remove_absent(&mut self, number: u64) -> Option<Absent> {
        let (absent, _) = self.absent.remove(&number)?;
        self.places.remove(&absent.pid);
        Some(absent)
    }
}

impl PastEvent {
    /// Whether the event was meant for a socket that has since gone.
    fn concerns(&self, absent: &Absent, offset: u64) -> bool {
        let Identity { key, id } = &absent.identity;
        if let Some(only) = self.only {
            return only == *key;
        }
        // A socket's id serves as a room with that socket alone.
        let included = |room: &String| room == id.as_str() || absent.stays.include(room, offset);
        self.sender != Some(*key)
            && (self.rooms.is_empty() || self.rooms.iter().any(included))
            && !self.except.iter().any(included)
    }
}

impl Absent {
    fn bytes(&self) -> usize {
        let data = self.data.iter().map(|(key, value)| key.len() + memory_of(value));
        OVERHEAD + self.stays.bytes() + data.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Recovery;
    use crate::identity::SocketId;
    use std::time::Duration;

    fn memory(max_bytes: usize) -> Arc<Remembered> {
        Arc::new(Remembered::new(Recovery { max_age: Duration::from_secs(60), max_bytes, max_events: 1000 }))
    }

    fn history(max_bytes: usize) -> History {
        History::new(memory(max_bytes))
    }

    fn to(rooms: &[&str]) -> Audience {
        Audience { rooms: rooms.iter().map(|room| (*room).to_owned()).collect(), ..Audience::default() }
    }

    fn event(text: &str) -> Frames {
        Frames::text(&format!("42[\"{text}\",\"{}\"]", Frames::NO_OFFSET))
    }

    fn keep(history: &mut History, rooms: &[&str], text: &str) -> u64 {
        history.keep(&to(rooms), event(text), &Budget::new(usize::MAX)).1
    }

    /// A socket in room `a` that leaves now.
    fn goes(history: &mut History, key: u64, since: u64, last: u64) -> Arc<str> {
        let pid: Arc<str> = format!("pid-{key}-{last}").into();
        let mut stays = Stays::default();
        stays.join("a".into(), since);
        history.depart(Absent {
            pid: Arc::clone(&pid),
            identity: Identity { key, id: SocketId::new(format!("socket-{key}")) },
            data: BTreeMap::new(),
            stays,
            since,
            last,
            next_ack: 0,
            departed: history.departure(),
        });
        pid
    }

    fn missed(history: &mut History, pid: &str, heard: Option<u64>) -> Result<usize, NotRecovered> {
        let heard = heard.map(Frames::print_offset);
        let returning = history.recall(pid, heard.as_deref())?;
        history.missed(&returning).map(|missed| missed.len())
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_meant_for_it_and_not_heard_was_missed() {
        let mut history = history(10_000);
        let first = keep(&mut history, &["a"], "one");
        keep(&mut history, &["b"], "two");
        let last = keep(&mut history, &["a", "b"], "three");
        let pid = goes(&mut history, 1, 1, last);
        keep(&mut history, &["a"], "four");
        keep(&mut history, &[], "five");
        keep(&mut history, &["socket-1"], "six");
        assert_eq!(missed(&mut history, &pid, Some(first)), Ok(4), "three to six");
        assert_eq!(missed(&mut history, &pid, Some(first)), Err(NotRecovered::Unknown), "it came back already");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_has_heard_all_misses_only_what_came_after_it_went() {
        let mut history = history(4_000);
        let last = keep(&mut history, &["a"], "one");
        for _ in 0..100 {
            keep(&mut history, &["b"], "of no concern");
        }
        let (all, nothing) = (goes(&mut history, 1, 1, last), goes(&mut history, 2, last + 1, 0));
        keep(&mut history, &["a"], "two");
        assert_eq!(missed(&mut history, &all, Some(last)), Ok(1));
        assert_eq!(missed(&mut history, &nothing, None), Ok(1), "it had heard nothing, because there was nothing");
        let behind = goes(&mut history, 3, 1, last + 100);
        assert_eq!(missed(&mut history, &behind, Some(last)), Err(NotRecovered::Forgotten));
    }

    #[tokio::test(start_paused = true)]
    async fn time_passes() {
        let mut history = history(10_000);
        let pid = goes(&mut history, 1, 1, 0);
        tokio::time::advance(Duration::from_secs(55)).await;
        keep(&mut history, &["a"], "one");
        tokio::time::advance(Duration::from_secs(4)).await;
        let late = goes(&mut history, 2, 1, 1);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(missed(&mut history, &pid, None), Err(NotRecovered::Unknown), "it was away for 61 s");
        assert!(!history.is_settled());
        tokio::time::advance(Duration::from_secs(55)).await;
        let outcome = missed(&mut history, &late, None);
        assert_eq!(outcome, Err(NotRecovered::Forgotten), "it was away for 57 s, and the event is of 61 s ago");
        assert!(history.is_settled());
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded() {
        let mut history = history(4_000);
        for key in 0..1_000 {
            keep(&mut history, &["a"], "one");
            goes(&mut history, key, 1, 0);
        }
        assert!(!history.remembered.events.is_exceeded() && (5..40).contains(&history.events.len()));
        assert!(!history.remembered.absent.is_exceeded() && (5..40).contains(&history.absent.len()));
        assert!(history.places.len() < 40);
        let mut history = self::history(usize::MAX);
        for _ in 0..2_000 {
            keep(&mut history, &["a"], "one");
        }
        assert_eq!((history.events.len(), history.oldest()), (1000, 1001));
        tokio::time::advance(Duration::from_secs(61)).await;
        history.expire();
        assert!(history.events.capacity() < 1000, "the places of the events are given back too");
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_shared_and_who_exceeds_it_forgets_its_own() {
        let memory = memory(4_000);
        let (mut first, mut second) = (History::new(Arc::clone(&memory)), History::new(Arc::clone(&memory)));
        for key in 0..10 {
            keep(&mut first, &["a"], "one");
            goes(&mut first, key, 1, 0);
        }
        for key in 0..100 {
            keep(&mut second, &["a"], "two");
            goes(&mut second, key, 1, 0);
        }
        assert_eq!((first.events.len(), first.absent.len()), (10, 10), "the other's are not touched");
        assert!((1..90).contains(&second.events.len()) && (1..90).contains(&second.absent.len()));
        assert!(!memory.events.is_exceeded() && !memory.absent.is_exceeded());
        drop(first);
        let before = (second.events.len(), second.absent.len());
        for key in 0..100 {
            keep(&mut second, &["a"], "two");
            goes(&mut second, key, 1, 0);
        }
        assert!(second.events.len() > before.0 && second.absent.len() > before.1, "what was the other's is free");
    }

    #[tokio::test(start_paused = true)]
    async fn one_client_with_much_does_not_push_the_others_out() {
        let mut history = history(16_000);
        let small = goes(&mut history, 1, 1, 0);
        let pid: Arc<str> = "much".into();
        let data = BTreeMap::from([("list".to_owned(), Value::from(vec![0; 100]))]);
        let stays = Stays::default();
        let identity = Identity { key: 2, id: SocketId::new("socket-2".to_owned()) };
        let departed = history.departure();
        history.depart(Absent {
            pid: Arc::clone(&pid),
            identity,
            data,
            stays,
            since: 1,
            last: 0,
            next_ack: 0,
            departed,
        });
        assert_eq!(missed(&mut history, &pid, None), Err(NotRecovered::Unknown));
        assert_eq!(history.places.len(), 1);
        assert_eq!(missed(&mut history, &small, None), Ok(0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_offset_that_was_never_given_is_none() {
        let mut history = history(10_000);
        let pid = goes(&mut history, 1, 1, 0);
        for heard in ["", "x", "0000000000000001", "-1", "ffffffffffffffff", "+000000000000000"] {
            assert_eq!(history.recall(&pid, Some(heard)).unwrap_err(), NotRecovered::Unknown, "{heard}");
        }
        assert_eq!(missed(&mut history, &pid, Some(0)), Ok(0));
    }
}
