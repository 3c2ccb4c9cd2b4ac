//! The server as an application sees it: namespaces, connection handlers, emits to many.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Weak};

use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::broadcast::Broadcast;
use crate::codec::socket::ROOT;
use crate::config::{Config, OverflowPolicy};
use crate::connection::Connection;
use crate::engine::{Bare, Client, NoProtocol};
use crate::http::{self, Engine, Peer};
use crate::incoming::Reader;
use crate::namespace::Namespace;
use crate::namespaces::Namespaces;
use crate::observer::{Event, Observer, Record, SocketCounters};
use crate::session::Protocol;
use crate::sessions::Handle;
use crate::shared::Shared;
use crate::socket::Socket;
use crate::transport::Message;

/// A server within one namespace; cheap to clone. [`Io::new`] gives the root namespace `/`.
#[derive(Clone)]
pub struct Io {
    core: Arc<Core>,
    namespace: Arc<Namespace>,
}

/// The parts of a server that a connection needs.
pub(crate) struct Core {
    engine: Engine,
    namespaces: Namespaces,
    reader: Reader,
}

impl Io {
    /// A server that nobody observes.
    pub fn new(config: Config) -> Self {
        Self::build(config, None)
    }

    /// A server whose records go to `observer`.
    pub fn observed(config: Config, observer: impl Observer) -> Self {
        Self::build(config, Some(Box::new(observer)))
    }

    fn build(config: Config, observer: Option<Box<dyn Observer>>) -> Self {
        let shared = Arc::new(Shared::new(config, observer));
        let root = Arc::new(Namespace::new(ROOT.to_owned(), Arc::clone(&shared)));
        let namespaces = Namespaces::new(Arc::clone(&root));
        let core = Arc::new_cyclic(|core: &Weak<Core>| {
            let core = Weak::clone(core);
            let endpoint = move |handle: &Arc<Handle>, remote| -> Box<dyn Protocol> {
                match core.upgrade() {
                    Some(core) => Box::new(Connection::new(core, Arc::clone(handle), remote)),
                    // A server that is gone accepts no client.
                    None => Box::new(NoProtocol),
                }
            };
            let engine = Engine::new(Arc::clone(&shared));
            engine.add_endpoint(&shared.config.path, Arc::new(endpoint));
            Core { engine, namespaces, reader: Reader::new() }
        });
        Self { core, namespace: root }
    }

    /// The same server within another namespace, which exists from now on. A name without a leading
    /// slash is given one.
    pub fn of(&self, namespace: &str) -> Self {
        let name = if namespace.starts_with('/') { namespace.to_owned() } else { format!("/{namespace}") };
        Self::within(&self.core, self.core.namespaces.of(&name, self.core.shared()))
    }

    pub(crate) fn within(core: &Arc<Core>, namespace: Arc<Namespace>) -> Self {
        Self { core: Arc::clone(core), namespace }
    }

    /// Sets what happens when the queue of a member of this room is full. It overrides the server's configuration.
    pub fn set_overflow(&self, room: impl Into<String>, policy: OverflowPolicy) {
        self.namespace.set_overflow(room.into(), policy);
    }

    /// Runs for each client that enters this namespace, including one that comes back ([`Socket::is_recovered`]).
    /// Handlers that it registers are in place before the client's first event is read.
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

    /// Everyone in the namespace, with a policy of this emit alone for full queues.
    pub fn overflow(&self, policy: OverflowPolicy) -> Broadcast {
        Broadcast::everyone(self.clone()).overflow(policy)
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

    /// All rooms of the namespace with their members. A room exists while it has a member.
    pub fn rooms(&self) -> BTreeMap<String, Vec<Socket>> {
        self.namespace.rooms()
    }

    /// How many connections of any kind have ended since the server started.
    pub fn connections_ended(&self) -> u64 {
        self.core.engine.streams().ended()
    }

    /// The counters of every socket in every namespace, for [`Event::Counters`].
    pub fn counters(&self) -> Vec<SocketCounters> {
        self.all_sockets().iter().map(Socket::counters).collect()
    }

    /// Every socket in every namespace.
    pub(crate) fn all_sockets(&self) -> Vec<Socket> {
        self.core.namespaces.all().iter().flat_map(|namespace| namespace.sockets()).collect()
    }

    /// A record of something that happens now.
    pub(crate) fn stamp(&self, event: Event) -> Record {
        self.core.shared().stamp(event)
    }

    /// The counters as a record.
    pub(crate) fn counters_record(&self, log_lines_dropped: u64) -> Record {
        self.stamp(Event::Counters { sockets: self.counters(), log_lines_dropped })
    }

    /// Serves bare Engine.IO at another path: `handler` gets each message of each client.
    ///
    /// ```
    /// # use rooms::{Config, Io};
    /// # let io = Io::new(Config::default());
    /// io.on_engine_message("/engine.io/", |client, message| client.send(&message));
    /// ```
    pub fn on_engine_message(&self, path: &str, handler: impl Fn(&Client, Message) + Send + Sync + 'static) {
        let handler = Arc::new(handler);
        self.core.engine.add_endpoint(
            path,
            Arc::new(move |handle, _| {
                let client = Client::new(Arc::clone(handle));
                Box::new(Bare::new(client, Arc::clone(&handler)))
            }),
        );
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
        http::serve(&self.core.engine, Box::new(stream), peer).await;
    }

    /// Closes every connection; new ones are refused. Returns when all are gone.
    pub async fn close(&self) {
        self.core.engine.close().await;
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    pub(crate) fn has_token(&self) -> bool {
        self.core.config().token.is_some()
    }

    pub(crate) fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    pub(crate) fn record(&self, event: impl FnOnce() -> Event) {
        self.core.shared().record(event);
    }
}

impl Core {
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        self.engine.shared()
    }

    pub(crate) fn config(&self) -> &Config {
        self.engine.config()
    }

    pub(crate) fn namespaces(&self) -> &Namespaces {
        &self.namespaces
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Io").field("namespace", &self.namespace.name()).finish_non_exhaustive()
    }
}
