//! The namespaces of a server: those that the application made, and those that are made when a client asks for them and
//! removed when their last client leaves.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::codec::socket::ROOT;
use crate::io::{Core, Io};
use crate::namespace::Namespace;
use crate::observer::Event;
use crate::panic::panic_message;
use crate::shared::Shared;

/// Time between two sweeps of all namespaces, however many clients come.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);

/// All namespaces by name.
pub(crate) struct Namespaces {
    state: Mutex<State>,
}

struct State {
    by_name: BTreeMap<String, Entry>,
    families: Vec<Arc<Family>>,
    /// When all were last swept.
    swept: Instant,
}

struct Entry {
    namespace: Arc<Namespace>,
    /// How it was made, if that was on demand.
    origin: Option<Arc<Origin>>,
    /// Whether the application wants it to stay when it is empty.
    stays: bool,
    /// Sockets in it, and those that are about to enter.
    occupants: usize,
}

/// Namespaces that are made on demand.
struct Family {
    accepts: Box<dyn Fn(&str) -> bool + Send + Sync>,
    set_up: Box<dyn Fn(&Io) + Send + Sync>,
}

/// Sets a new namespace up before its first client is let in.
struct Origin {
    family: Arc<Family>,
    once: Once,
}

/// Why a namespace cannot be entered, in words for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoEntry(pub(crate) &'static str);

impl NoEntry {
    const INVALID: Self = Self("Invalid namespace");
}

impl Namespaces {
    pub(crate) fn new(root: Arc<Namespace>) -> Self {
        let entry = Entry { namespace: root, origin: None, stays: true, occupants: 0 };
        let by_name = BTreeMap::from([(ROOT.to_owned(), entry)]);
        Self { state: Mutex::new(State { by_name, families: Vec::new(), swept: Instant::now() }) }
    }

    /// The namespace of this name, which stays from now on.
    pub(crate) fn of(&self, name: &str, shared: &Arc<Shared>) -> Arc<Namespace> {
        let mut state = self.lock();
        let entry = state.by_name.entry(name.to_owned()).or_insert_with(|| Entry::new(name, shared, None));
        entry.stays = true;
        Arc::clone(&entry.namespace)
    }

    pub(crate) fn all(&self) -> Vec<Arc<Namespace>> {
        self.lock().by_name.values().map(|entry| Arc::clone(&entry.namespace)).collect()
    }

    /// A client that entered has gone.
    pub(crate) fn leave(&self, name: &str) {
        let mut state = self.lock();
        let Some(entry) = state.by_name.get_mut(name) else { return };
        entry.occupants -= 1;
        let deserted = entry.is_deserted().then(|| state.by_name.remove(name));
        drop(state);
        // Only now, without the lock: dropping handlers runs code of the application.
        drop(deserted);
    }

    /// Forgets what is too old, and removes the namespaces to which no client can come back any more.
    fn sweep(&self) {
        let mut state = self.lock();
        if state.swept.elapsed() < SWEEP_INTERVAL {
            return;
        }
        state.swept = Instant::now();
        let (deserted, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut state.by_name).into_iter().partition(|(_, entry)| {
                entry.namespace.expire();
                entry.is_deserted()
            });
        state.by_name = others;
        drop(state);
        drop(deserted);
    }

    fn find(&self, name: &str) -> Option<(Arc<Namespace>, Option<Arc<Origin>>)> {
        let mut state = self.lock();
        let entry = state.by_name.get_mut(name)?;
        entry.occupants += 1;
        Some((Arc::clone(&entry.namespace), entry.origin.clone()))
    }

    fn make(
        &self,
        name: &str,
        family: &Arc<Family>,
        shared: &Arc<Shared>,
    ) -> Result<(Arc<Namespace>, Option<Arc<Origin>>), NoEntry> {
        if name.len() > shared.config.max_name {
            return Err(NoEntry::INVALID);
        }
        let mut state = self.lock();
        let dynamic = state.by_name.values().filter(|entry| entry.origin.is_some()).count();
        let is_new = !state.by_name.contains_key(name);
        if is_new && dynamic >= shared.config.max_dynamic_namespaces {
            return Err(NoEntry("Too many namespaces"));
        }
        let origin = || Arc::new(Origin { family: Arc::clone(family), once: Once::new() });
        let entry = state.by_name.entry(name.to_owned()).or_insert_with(|| Entry::new(name, shared, Some(origin())));
        entry.occupants += 1;
        Ok((Arc::clone(&entry.namespace), entry.origin.clone()))
    }

    fn families(&self) -> Vec<Arc<Family>> {
        self.lock().families.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(name: &str, shared: &Arc<Shared>, origin: Option<Arc<Origin>>) -> Self {
        let namespace = Arc::new(Namespace::new(name.to_owned(), Arc::clone(shared)));
        Self { namespace, origin, stays: false, occupants: 0 }
    }

    /// Whether it was made on demand, nobody is in it, and nobody may come back to it.
    fn is_deserted(&self) -> bool {
        !self.stays && self.occupants == 0 && self.namespace.is_settled()
    }
}

/// A handler may hold its own namespace; that must not keep it alive.
impl Drop for Entry {
    fn drop(&mut self) {
        self.namespace.retire();
    }
}

impl Io {
    /// Makes namespaces when clients ask for them: all those whose name `accepts` accepts. Each is set up once, before
    /// its first client is admitted, and removed when its last client has gone.
    ///
    /// ```
    /// # use rooms::{Config, Io};
    /// # let io = Io::new(Config::default());
    /// io.of_dynamic(|name| name.starts_with("/workspace-"), |workspace| {
    ///     workspace.on_connection(|socket| socket.broadcast().emit("joined", socket.id().as_str()));
    /// });
    /// ```
    pub fn of_dynamic(
        &self,
        accepts: impl Fn(&str) -> bool + Send + Sync + 'static,
        set_up: impl Fn(&Io) + Send + Sync + 'static,
    ) {
        let family = Family { accepts: Box::new(accepts), set_up: Box::new(set_up) };
        self.core().namespaces().lock().families.push(Arc::new(family));
    }
}

impl Core {
    /// Takes a place in a namespace, to be returned with [`Namespaces::leave`].
    pub(crate) fn enter(self: &Arc<Self>, name: &str) -> Result<Io, NoEntry> {
        self.namespaces().sweep();
        let (namespace, origin) = if let Some(found) = self.namespaces().find(name) {
            found
        } else {
            let families = self.namespaces().families();
            let family = families.iter().find(|family| self.guarded(name, || (family.accepts)(name)) == Some(true));
            self.namespaces().make(name, family.ok_or(NoEntry::INVALID)?, self.shared())?
        };
        let io = Io::within(self, namespace);
        if let Some(origin) = origin {
            // Clients that come during the set-up wait here.
            let is_set_up = self.guarded(name, || origin.once.call_once_force(|_| (origin.family.set_up)(&io)));
            if is_set_up.is_none() {
                // The next client sets it up again, from the beginning.
                io.namespace().clear_handlers();
                self.namespaces().leave(name);
                return Err(NoEntry::INVALID);
            }
        }
        Ok(io)
    }

    /// Calls application code; `None` when it panicked.
    fn guarded<T>(&self, name: &str, code: impl FnOnce() -> T) -> Option<T> {
        let outcome = catch_unwind(AssertUnwindSafe(code));
        outcome.map_err(|panic| self.record_panic(name, panic_message(&*panic))).ok()
    }

    fn record_panic(&self, namespace: &str, message: String) {
        let name = format!("of_dynamic {namespace}");
        self.shared().record(|| Event::HandlerPanic { socket: String::new(), name, message });
    }
}
