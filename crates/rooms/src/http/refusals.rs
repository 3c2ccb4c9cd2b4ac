//! Refusals in the log: the first of each kind at once, and how many more there were once a second.
//!
//! A client that is refused can ask again as often as it likes, so a refusal must cost less than a line of the log.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::sleep;

use super::access::Peer;
use super::refusal::Refusal;
use super::request::Request;
use crate::io::Core;
use crate::observer::Event;

/// How long refusals of a kind are counted before they are recorded.
const WINDOW: Duration = Duration::from_secs(1);

/// The kinds of refusals that were recorded within the last second.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<Refusal, Unsaid>>);

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
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Refusal, Unsaid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records that a request was refused, now or soon.
pub(super) fn record(core: &Arc<Core>, refusal: Refusal, request: &Request, peer: Peer) {
    let words = || {
        let reason = refusal.explain(request, core.config(), peer)?;
        Some(Words { remote: peer.remote.map(|remote| remote.to_string()), reason })
    };
    let mut kinds = core.refusals().lock();
    match kinds.get_mut(&refusal) {
        Some(Unsaid { first: Some(_), more }) => *more += 1,
        Some(Unsaid { first, .. }) => *first = words(),
        None => {
            let Some(words) = words() else { return };
            kinds.insert(refusal, Unsaid::default());
            drop(kinds);
            emit(core, words, 0);
            tokio::spawn(count(Arc::downgrade(core), refusal));
        }
    }
}

/// Records the refusals that were counted, as long as there are some each time.
async fn count(core: Weak<Core>, refusal: Refusal) {
    loop {
        sleep(WINDOW).await;
        let Some(core) = core.upgrade() else { return };
        let mut kinds = core.refusals().lock();
        let unsaid = kinds.remove(&refusal).unwrap_or_default();
        let Some(words) = unsaid.first else { return };
        kinds.insert(refusal, Unsaid::default());
        drop(kinds);
        emit(&core, words, unsaid.more);
    }
}

fn emit(core: &Core, Words { remote, reason }: Words, repeated: u64) {
    core.shared().record(|| Event::Refused { remote, reason, repeated });
}

impl fmt::Debug for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refusals").finish_non_exhaustive()
    }
}
