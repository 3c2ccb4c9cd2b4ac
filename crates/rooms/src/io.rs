//! The server as an application sees it: namespaces, connection handlers, emits to many.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, watch};

use crate::broadcast::Broadcast;
use crate::codec::socket::ROOT;
use crate::config::Config;
use crate::http::{self, Peer};
use crate::namespace::{Namespace, Shared};
use crate::observer::{Event, Observer, Record, SocketCounters, Unobserved};
use crate::socket::Socket;

/// A server within one namespace; cheap to clone. [`Io::new`] gives the root namespace `/`.
#[derive(Clone)]
pub struct Io {
    core: Arc<Core>,
    namespace: Arc<Namespace>,
}

/// What a connection needs of its server.
pub(crate) struct Core {
    shared: Arc<Shared>,
    namespaces: Mutex<BTreeMap<String, Arc<Namespace>>>,
    connections: AtomicUsize,
    last_one_left: Notify,
    closing: watch::Sender<bool>,
}

impl Io {
    /// A server that nobody observes.
    pub fn new(config: Config) -> Self {
        Self::observed(config, Unobserved)
    }

    /// A server whose records go to `observer`.
    pub fn observed(config: Config, observer: impl Observer) -> Self {
        let shared = Arc::new(Shared::new(config, Box::new(observer)));
        let root = Arc::new(Namespace::new(ROOT.to_owned(), Arc::clone(&shared)));
        let namespaces = Mutex::new(BTreeMap::from([(ROOT.to_owned(), Arc::clone(&root))]));
        let core = Core {
            shared,
            namespaces,
            connections: AtomicUsize::new(0),
            last_one_left: Notify::new(),
            closing: watch::Sender::new(false),
        };
        Self { core: Arc::new(core), namespace: root }
    }

    /// The same server within another namespace, which exists from now on. A name without a leading
    /// slash is given one.
    pub fn of(&self, namespace: &str) -> Self {
        let name = if namespace.starts_with('/') { namespace.to_owned() } else { format!("/{namespace}") };
        let mut namespaces = self.core.namespaces.lock().unwrap_or_else(PoisonError::into_inner);
        let namespace = namespaces
            .entry(name.clone())
            .or_insert_with(|| Arc::new(Namespace::new(name, Arc::clone(&self.core.shared))));
        Self { core: Arc::clone(&self.core), namespace: Arc::clone(namespace) }
    }

    /// Runs for each client that joins this namespace. Handlers that it registers are in place before
    /// the client's first event is read.
    pub fn on_connection(&self, handler: impl Fn(Socket) + Send + Sync + 'static) {
        self.namespace.add_connection_handler(Arc::new(handler));
    }

    /// Everyone in a room. See also [`Socket::to`], which leaves the sender out.
    pub fn to(&self, room: impl Into<String>) -> Broadcast {
        Broadcast::everyone(self.clone()).to(room)
    }

    /// Everyone in the namespace who is not in this room.
    pub fn except(&self, room: impl Into<String>) -> Broadcast {
        Broadcast::everyone(self.clone()).except(room)
    }

    /// Everyone in the namespace who is ready to take an event at once.
    pub fn volatile(&self) -> Broadcast {
        Broadcast::everyone(self.clone()).volatile()
    }

    /// Sends an event to everyone in the namespace.
    pub fn emit(&self, event: &str, payload: impl Serialize) {
        Broadcast::everyone(self.clone()).emit(event, payload);
    }

    /// The sockets in a room, in the order in which they connected.
    pub fn fetch_sockets(&self, room: &str) -> Vec<Socket> {
        self.namespace.sockets_in(room)
    }

    /// All sockets of the namespace, in the order in which they connected.
    pub fn sockets(&self) -> Vec<Socket> {
        self.namespace.sockets()
    }

    /// All rooms of the namespace with their members. A room exists while somebody is in it.
    pub fn rooms(&self) -> BTreeMap<String, Vec<Socket>> {
        self.namespace.rooms()
    }

    /// The counters of every socket in every namespace, for [`Event::Counters`].
    pub fn counters(&self) -> Vec<SocketCounters> {
        let namespaces = self.core.namespaces.lock().unwrap_or_else(PoisonError::into_inner);
        let sockets = namespaces.values().flat_map(|namespace| namespace.sockets());
        sockets.map(|socket| socket.counters()).collect()
    }

    /// The counters as a record.
    pub(crate) fn counters_record(&self, log_lines_dropped: u64) -> Record {
        self.core.shared.stamp(Event::Counters { sockets: self.counters(), log_lines_dropped })
    }

    /// Serves one client on any byte stream, from its HTTP request to its end.
    pub async fn serve_stream<S>(&self, stream: S)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.serve_peer(stream, Peer::default()).await;
    }

    pub(crate) async fn serve_peer<S>(&self, stream: S, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        http::serve(&self.core, stream, peer).await;
    }

    /// Closes every connection; new ones are refused. Returns when all are gone.
    pub async fn close(&self) {
        self.core.closing.send_replace(true);
        loop {
            let mut left = std::pin::pin!(self.core.last_one_left.notified());
            left.as_mut().enable();
            if self.core.connections.load(Ordering::Acquire) == 0 {
                return;
            }
            left.await;
        }
    }

    pub(crate) fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    pub(crate) fn record(&self, event: Event) {
        self.core.shared.record(event);
    }
}

impl Core {
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
    }

    pub(crate) fn io_of(self: &Arc<Self>, namespace: &str) -> Option<Io> {
        let namespaces = self.namespaces.lock().unwrap_or_else(PoisonError::into_inner);
        let namespace = Arc::clone(namespaces.get(namespace)?);
        Some(Io { core: Arc::clone(self), namespace })
    }

    /// Completes when the server begins to close.
    pub(crate) fn closing(&self) -> BoxFuture<'static, ()> {
        let mut closing = self.closing.subscribe();
        async move {
            // An error means that the server itself is gone, which is the end too.
            let _ = closing.wait_for(|closing| *closing).await;
        }
        .boxed()
    }

    /// Counts a connection for as long as the guard lives; `None` when there are too many, or the
    /// server is closing.
    pub(crate) fn admit(self: &Arc<Self>) -> Option<Admission> {
        let admission = Admission { core: Arc::clone(self) };
        let earlier = self.connections.fetch_add(1, Ordering::AcqRel);
        (earlier < self.config().max_connections && !*self.closing.borrow()).then_some(admission)
    }
}

/// One of the connections that the server allows.
pub(crate) struct Admission {
    core: Arc<Core>,
}

impl Drop for Admission {
    fn drop(&mut self) {
        if self.core.connections.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.core.last_one_left.notify_waiters();
        }
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Io").field("namespace", &self.namespace.name()).finish_non_exhaustive()
    }
}
