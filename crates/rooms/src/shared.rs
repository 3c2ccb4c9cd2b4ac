//! The state that all parts of a server share: its settings, its observer, its clock and its memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::Instant;

use crate::config::Config;
use crate::memory::Budget;
use crate::observer::{Event, Observer, Record};
use crate::remembered::Remembered;

/// The state that all parts of a server share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    observer: Option<Box<dyn Observer>>,
    started: Instant,
    next_key: AtomicU64,
    /// The memory that all clients may hold beyond their shares.
    pool: Arc<Budget>,
    /// The memory for events and clients that namespaces remember, if clients can come back.
    remembered: Option<Arc<Remembered>>,
}

impl Shared {
    pub(crate) fn new(config: Config, observer: Option<Box<dyn Observer>>) -> Self {
        let remembered = config.recovery.map(|settings| Arc::new(Remembered::new(settings)));
        // Remembered events are charged to the pool as well, each with up to twice the bytes that `max_bytes` counts.
        let beside = config.recovery.map_or(0, |settings| settings.max_bytes.saturating_mul(2));
        let pool = Budget::new(config.max_memory.saturating_add(beside));
        Self { config, observer, started: Instant::now(), next_key: AtomicU64::new(0), pool, remembered }
    }

    pub(crate) fn record(&self, event: impl FnOnce() -> Event) {
        // If nobody observes, the record is not even made.
        if let Some(observer) = &self.observer {
            observer.observe(self.stamp(event()));
        }
    }

    /// A record of something that happens now.
    pub(crate) fn stamp(&self, event: Event) -> Record {
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut record = Record { at_ms, event };
        record.cut();
        record
    }

    pub(crate) fn pool(&self) -> &Arc<Budget> {
        &self.pool
    }

    pub(crate) fn remembered(&self) -> Option<Arc<Remembered>> {
        self.remembered.clone()
    }

    pub(crate) fn next_key(&self) -> u64 {
        self.next_key.fetch_add(1, Ordering::Relaxed)
    }
}
