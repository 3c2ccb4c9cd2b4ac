//! The sessions of a server, by id: who is there, how many may be, and how to reach them.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::RngExt;
use rand::distr::Alphanumeric;
use tokio::sync::{Notify, mpsc};

use crate::config::Config;
use crate::memory::Budget;
use crate::outbox::Outbox;
use crate::socket::DisconnectReason;
use crate::transport::polling::Request;

/// The length of the ids in Node's Socket.IO; 62^20 of them cannot be guessed.
const ID_LENGTH: usize = 20;

/// How others reach a session.
pub(crate) struct Handle {
    id: String,
    outbox: Outbox,
    /// Where HTTP requests go; nobody takes them where there is no polling, or no longer.
    requests: Option<mpsc::UnboundedSender<Request>>,
    /// Whether a POST is under way.
    posting: AtomicBool,
}

/// A POST that is under way, from its head to its answer.
#[derive(Debug)]
pub(crate) struct Posting<'a>(&'a AtomicBool);

impl Drop for Posting<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Handle {
    pub(crate) fn new(config: &Config, pool: &Arc<Budget>, requests: Option<mpsc::UnboundedSender<Request>>) -> Self {
        Self { id: new_id(), outbox: Outbox::new(config, pool), requests, posting: AtomicBool::new(false) }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Whether the session is carried by long polling.
    pub(crate) fn is_polling(&self) -> bool {
        self.requests.as_ref().is_some_and(|requests| !requests.is_closed())
    }

    /// Marks that a POST is under way; `None` when another one is.
    pub(crate) fn begin_post(&self) -> Option<Posting<'_>> {
        (!self.posting.swap(true, Ordering::AcqRel)).then_some(Posting(&self.posting))
    }

    /// Hands a request over; gives it back where nobody polls.
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

/// All sessions, and all streams that may become one.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    by_id: HashMap<Arc<str>, Arc<Handle>>,
    sessions: usize,
    streams: usize,
    closing: bool,
}

impl Sessions {
    /// Counts a stream for as long as the guard lives; `None` when there are too many, or the server is
    /// closing.
    pub(crate) fn admit_stream(self: &Arc<Self>, most: usize) -> Option<StreamGuard> {
        let mut state = self.lock();
        if state.closing || state.streams >= most {
            return None;
        }
        state.streams += 1;
        Some(StreamGuard { sessions: Arc::clone(self) })
    }

    /// Takes in a session for as long as the registration lives; `None` as with streams.
    pub(crate) fn register(self: &Arc<Self>, handle: Handle, most: usize) -> Option<Registration> {
        let handle = Arc::new(handle);
        let mut state = self.lock();
        if state.closing || state.sessions >= most {
            return None;
        }
        state.sessions += 1;
        state.by_id.insert(handle.id().into(), Arc::clone(&handle));
        Some(Registration { sessions: Arc::clone(self), handle })
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Handle>> {
        self.lock().by_id.get(id).cloned()
    }

    /// Ends every session, and lets no more in.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closing = true;
        for handle in state.by_id.values() {
            handle.outbox().end(DisconnectReason::ServerShutdown);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Completes when the server begins to close.
    pub(crate) async fn closing(&self) {
        self.until(|state| state.closing).await;
    }

    /// Completes when every session and every stream is gone.
    pub(crate) async fn all_gone(&self) {
        self.until(|state| state.sessions == 0 && state.streams == 0).await;
    }

    async fn until(&self, condition: impl Fn(&State) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if condition(&self.lock()) {
                return;
            }
            changed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        // Nobody else waits for less than everything.
        let last = state.sessions == 0 && state.streams == 0;
        drop(state);
        if last {
            self.changed.notify_waiters();
        }
    }
}

/// One of the streams that the server allows.
#[derive(Debug)]
pub(crate) struct StreamGuard {
    sessions: Arc<Sessions>,
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        self.sessions.release(|state| state.streams -= 1);
    }
}

/// One of the sessions that the server allows.
#[derive(Debug)]
pub(crate) struct Registration {
    sessions: Arc<Sessions>,
    handle: Arc<Handle>,
}

impl Registration {
    pub(crate) fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }

    /// Nobody shall find the session any more.
    pub(crate) fn forget(&self) {
        self.sessions.lock().by_id.remove(self.handle.id());
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.sessions.release(|state| {
            state.by_id.remove(self.handle.id());
            state.sessions -= 1;
        });
    }
}

/// An id that nobody can guess.
pub(crate) fn new_id() -> String {
    rand::rng().sample_iter(Alphanumeric).take(ID_LENGTH).map(char::from).collect()
}
