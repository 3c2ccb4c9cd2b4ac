//! The memory that the namespaces of a server share for what they remember.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::Recovery;

/// The most that one client which is away may take of what there is for all of them: one part in so many.
const SHARE: usize = 16;

/// What all namespaces of a server may remember.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(super) settings: Recovery,
    pub(super) events: Arc<Budget>,
    pub(super) absent: Arc<Budget>,
}

impl Memory {
    pub(crate) fn new(settings: Recovery) -> Self {
        let budget = || Arc::new(Budget { max_bytes: settings.max_bytes, used: AtomicUsize::new(0) });
        Self { settings, events: budget(), absent: budget() }
    }
}

/// A number of bytes, and how many of them are in use.
#[derive(Debug)]
pub(super) struct Budget {
    max_bytes: usize,
    used: AtomicUsize,
}

impl Budget {
    /// Takes these bytes, whether or not they are there. They are given back when the charge is dropped.
    pub(super) fn charge(self: &Arc<Self>, bytes: usize) -> Charge {
        self.used.fetch_add(bytes, Ordering::Relaxed);
        Charge { bytes, budget: Arc::clone(self) }
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.max_bytes
    }

    /// The most that one may take of it.
    pub(super) fn share(&self) -> usize {
        self.max_bytes / SHARE
    }
}

/// Bytes of a budget that are in use.
#[derive(Debug)]
pub(super) struct Charge {
    bytes: usize,
    budget: Arc<Budget>,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
