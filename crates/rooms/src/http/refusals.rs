//! Refusals in the log: the first of each kind at once, and once a second how many more there were.
//!
//! A refused client can ask again as often as it likes, so most refusals must not cost a line of the log.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::sleep;

use super::peer::Peer;
use super::refusal::Refusal;
use super::request::Request;
use crate::observer::Event;
use crate::shared::Shared;

/// How long refusals of a kind are counted before they are recorded.
const WINDOW: Duration = Duration::from_secs(1);

/// The kinds of refusals that were recorded within the last second.
pub(crate) struct Refusals {
    shared: Arc<Shared>,
    kinds: Mutex<BTreeMap<Refusal, Unsaid>>,
}

/// Refusals of one kind that have no record yet.
#[derive(Default)]
struct Unsaid {
    /// The first of them in words.
    first: Option<Words>,
    more: u64,
}

struct Words {
    remote: Option<String>,
    reason: String,
}

impl Refusals {
    pub(super) fn new(shared: Arc<Shared>) -> Arc<Self> {
        Arc::new(Self { shared, kinds: Mutex::default() })
    }

    /// Records that a request was refused, now or soon.
    pub(super) fn record(self: &Arc<Self>, refusal: Refusal, request: &Request, peer: Peer) {
        let words = || {
            let reason = refusal.explain(request, &self.shared.config, peer)?;
            Some(Words { remote: peer.remote.map(|remote| remote.to_string()), reason })
        };
        let mut kinds = self.lock();
        match kinds.get_mut(&refusal) {
            Some(Unsaid { first: Some(_), more }) => *more += 1,
            Some(Unsaid { first, .. }) => *first = words(),
            None => {
                let Some(words) = words() else { return };
                kinds.insert(refusal, Unsaid::default());
                drop(kinds);
                self.emit(words, 0);
                tokio::spawn(count(Arc::downgrade(self), refusal));
            }
        }
    }

    fn emit(&self, Words { remote, reason }: Words, repeated: u64) {
        self.shared.record(|| Event::Refused { remote, reason, repeated });
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Refusal, Unsaid>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records the refusals that were counted, until a second passes without any.
async fn count(refusals: Weak<Refusals>, refusal: Refusal) {
    loop {
        sleep(WINDOW).await;
        let Some(refusals) = refusals.upgrade() else { return };
        let mut kinds = refusals.lock();
        let unsaid = kinds.remove(&refusal).unwrap_or_default();
        let Some(words) = unsaid.first else { return };
        kinds.insert(refusal, Unsaid::default());
        drop(kinds);
        refusals.emit(words, unsaid.more);
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refusals").finish_non_exhaustive()
    }
}
