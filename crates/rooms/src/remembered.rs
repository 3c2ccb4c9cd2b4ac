//! The memory that the namespaces of a server share for what they remember.

use std::sync::Arc;

use crate::config::Recovery;
use crate::memory::Budget;

/// The most that one client which is away may take of what there is for all of them: one part in so many.
const SHARE: usize = 16;

/// What all namespaces of a server may remember.
#[derive(Debug)]
pub(crate) struct Remembered {
    pub(crate) settings: Recovery,
    pub(crate) events: Arc<Budget>,
    pub(crate) absent: Arc<Budget>,
}

impl Remembered {
    pub(crate) fn new(settings: Recovery) -> Self {
        Self { settings, events: Budget::new(settings.max_bytes), absent: Budget::new(settings.max_bytes) }
    }

    /// The most that one client which is away may take.
    pub(crate) fn share(&self) -> usize {
        self.absent.max_bytes() / SHARE
    }
}
