//! The sessions of a server by id, their limit, and how to reach them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};

use crate::config::Config;
use crate::identity::new_id;
use crate::memory::{Budget, Common, Part, Share};
use crate::outbox::Outbox;
use crate::reason::DisconnectReason;
use crate::transport::polling::Request;

/// How others reach a session.
pub(crate) struct Handle {
    id: String,
    outbox: Outbox,
    /// The memory that the rooms of its sockets take, and the answers that are awaited from them.
    rooms: Arc<Common>,
    answers: Arc<Common>,
    /// Where HTTP requests go; `None` if the session does not poll.
    requests: Option<mpsc::UnboundedSender<Request>>,
    /// Whether a POST is in progress.
    posting: AtomicBool,
}

/// A POST in progress, from its head to its answer.
#[derive(Debug)]
pub(crate) struct Posting<'a>(&'a AtomicBool);

impl Drop for Posting<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Handle {
    pub(crate) fn new(config: &Config, pool: &Arc<Budget>, requests: Option<mpsc::UnboundedSender<Request>>) -> Self {
        Self {
            id: new_id(),
            outbox: Outbox::new(config, pool),
            rooms: Common::new(pool.holding(Share::Rooms)),
            answers: Common::new(pool.holding(Share::Answers)),
            requests,
            posting: AtomicBool::new(false),
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// For the rooms of one more socket.
    pub(crate) fn memory_for_rooms(&self) -> Part {
        self.rooms.part()
    }

    /// For the answers of one more socket.
    pub(crate) fn memory_for_answers(&self) -> Part {
        self.answers.part()
    }

    /// Whether the session is carried by long polling.
    pub(crate) fn is_polling(&self) -> bool {
        self.requests.as_ref().is_some_and(|requests| !requests.is_closed())
    }

    /// Marks that a POST is in progress; `None` when another one is.
    pub(crate) fn begin_post(&self) -> Option<Posting<'_>> {
        (!self.posting.swap(true, Ordering::AcqRel)).then_some(Posting(&self.posting))
    }

    /// Hands a request over; returns it if the session does not poll.
    pub(crate) fn request(&self, request: Request) -> Result<(), Request> {
        match &self.requests {
            Some(requests) => requests.send(request).map_err(|refused| refused.0),
            None => Err(request),
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Handle").field("id", &self.id).finish_non_exhaustive()
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    state: Mutex<State>,
    last_went: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The sessions that count against the limit.
    by_id: HashMap<Arc<str>, Entry>,
    /// The sessions that have not joined a namespace, in the order in which they came.
    waiting: BTreeMap<u64, Arc<str>>,
    arrivals: u64,
    /// All that have not ended, displaced ones included.
    alive: usize,
    closing: bool,
}

#[derive(Debug)]
struct Entry {
    handle: Arc<Handle>,
    /// Its number among those that wait, if it does.
    waiting: Option<u64>,
    /// Whether requests can find it.
    can_be_found: bool,
}

impl State {
    /// Makes room for one more session, if need be by ending the one that has waited longest: an honest client joins a
    /// namespace at once.
    fn make_room(&mut self, config: &Config) -> Option<Room> {
        let is_full = self.by_id.len() >= config.max_connections;
        if !is_full && self.waiting.len() < config.max_waiting {
            return Some(Room::Free);
        }
        let (_, id) = self.waiting.pop_first()?;
        let entry = self.by_id.remove(&id)?;
        entry.handle.outbox().end(DisconnectReason::ServerFull);
        Some(Room::Taken)
    }
}

/// How there was room for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Free,
    /// Another one was displaced.
    Taken,
}

impl Sessions {
    /// Registers a session for as long as the registration lives; `None` when there are too many, or the server is
    /// closing.
    pub(crate) fn register(self: &Arc<Self>, handle: Handle, config: &Config) -> Option<Registration> {
        let handle = Arc::new(handle);
        let mut state = self.lock();
        if state.closing {
            return None;
        }
        let room = state.make_room(config)?;
        let number = state.arrivals;
        let id: Arc<str> = handle.id().into();
        state.arrivals += 1;
        state.alive += 1;
        state.waiting.insert(number, Arc::clone(&id));
        state.by_id.insert(id, Entry { handle: Arc::clone(&handle), waiting: Some(number), can_be_found: true });
        Some(Registration { sessions: Arc::clone(self), handle, displaced: room == Room::Taken })
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Handle>> {
        let state = self.lock();
        let entry = state.by_id.get(id).filter(|entry| entry.can_be_found)?;
        Some(Arc::clone(&entry.handle))
    }

    /// Ends every session, and admits no more.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closing = true;
        for entry in state.by_id.values() {
            entry.handle.outbox().end(DisconnectReason::ServerShutdown);
        }
    }

    /// Completes when every session is gone.
    pub(crate) async fn all_gone(&self) {
        loop {
            let mut last_went = std::pin::pin!(self.last_went.notified());
            last_went.as_mut().enable();
            if self.lock().alive == 0 {
                return;
            }
            last_went.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the sessions that the server allows.
#[derive(Debug)]
pub(crate) struct Registration {
    sessions: Arc<Sessions>,
    handle: Arc<Handle>,
    displaced: bool,
}

impl Registration {
    pub(crate) fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }

    /// Whether another session was displaced for it.
    pub(crate) fn displaced_another(&self) -> bool {
        self.displaced
    }

    /// The client has joined something, so it is no longer displaced.
    pub(crate) fn settle(&self) {
        let mut state = self.sessions.lock();
        let waiting = state.by_id.get_mut(self.handle.id()).and_then(|entry| entry.waiting.take());
        if let Some(number) = waiting {
            state.waiting.remove(&number);
        }
    }

    /// From now on nobody finds the session.
    pub(crate) fn forget(&self) {
        if let Some(entry) = self.sessions.lock().by_id.get_mut(self.handle.id()) {
            entry.can_be_found = false;
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.settle();
        let mut state = self.sessions.lock();
        state.by_id.remove(self.handle.id());
        state.alive -= 1;
        let was_last = state.alive == 0;
        drop(state);
        if was_last {
            self.sessions.last_went.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Status;

    fn open(sessions: &Arc<Sessions>, config: &Config) -> Option<Registration> {
        sessions.register(Handle::new(config, &Budget::new(0), None), config)
    }

    fn is_ended(registration: &Registration) -> bool {
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        matches!(registration.handle().outbox().poll_status(context), Status::Ended(_))
    }

    #[test]
    fn the_one_that_waited_longest_goes_for_one_that_comes_and_those_that_joined_stay() {
        let config = Config { max_connections: 4, max_waiting: 2, ..Config::default() };
        let sessions = Arc::new(Sessions::default());
        let joined: Vec<_> = (0..2).map(|_| open(&sessions, &config).unwrap()).collect();
        joined.iter().for_each(Registration::settle);
        let first = open(&sessions, &config).unwrap();
        let second = open(&sessions, &config).unwrap();
        assert!(!first.displaced_another() && !second.displaced_another());
        let third = open(&sessions, &config).unwrap();
        assert!(third.displaced_another());
        let ended = [&first, &second, &third].map(is_ended);
        assert_eq!(ended, [true, false, false]);
        assert!(sessions.find(first.handle().id()).is_none());
        assert!(!joined.iter().any(is_ended));
        [second, third].iter().for_each(Registration::settle);
        drop(first);
        // That line drops their registrations.
        let others: Vec<_> = (0..2).map(|_| open(&sessions, &config).unwrap()).collect();
        others.iter().for_each(Registration::settle);
        assert!(open(&sessions, &config).is_none(), "all have joined, so none can be displaced");
    }
}
