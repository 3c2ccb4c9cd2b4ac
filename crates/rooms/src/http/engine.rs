//! The Engine.IO half of a server: what its requests need, and nothing of namespaces.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::refusals::Refusals;
use crate::config::Config;
use crate::session::Protocol;
use crate::sessions::{Handle, Sessions};
use crate::shared::Shared;
use crate::streams::Streams;

/// Makes the protocol for a new client: Socket.IO, or another one over Engine.IO.
pub(crate) type Endpoint = Arc<dyn Fn(&Arc<Handle>, Option<SocketAddr>) -> Box<dyn Protocol> + Send + Sync>;

/// The sessions, the streams, and the protocol that is spoken at each path.
pub(crate) struct Engine {
    shared: Arc<Shared>,
    streams: Arc<Streams>,
    sessions: Arc<Sessions>,
    refusals: Arc<Refusals>,
    /// By path, without a trailing slash.
    endpoints: Mutex<BTreeMap<String, Endpoint>>,
}

impl Engine {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let refusals = Refusals::new(Arc::clone(&shared));
        Self { shared, streams: Arc::default(), sessions: Arc::default(), refusals, endpoints: Mutex::default() }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
    }

    pub(crate) fn streams(&self) -> &Arc<Streams> {
        &self.streams
    }

    pub(super) fn sessions(&self) -> &Arc<Sessions> {
        &self.sessions
    }

    pub(super) fn refusals(&self) -> &Arc<Refusals> {
        &self.refusals
    }

    pub(super) fn endpoint(&self, path: &str) -> Option<Endpoint> {
        let endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        endpoints.get(path.trim_end_matches('/')).cloned()
    }

    pub(crate) fn add_endpoint(&self, path: &str, endpoint: Endpoint) {
        let mut endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        endpoints.insert(path.trim_end_matches('/').to_owned(), endpoint);
    }

    /// Ends every session and every stream, and admits no more; completes when all are gone.
    pub(crate) async fn close(&self) {
        self.streams.close();
        self.sessions.close();
        self.sessions.all_gone().await;
        self.streams.all_gone().await;
    }
}
