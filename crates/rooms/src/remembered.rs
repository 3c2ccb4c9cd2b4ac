//! The memory that the namespaces of a server share for remembering events and clients.

use std::sync::Arc;

use crate::config::Recovery;
use crate::memory::Budget;

/// One absent client may take at most this fraction, one sixteenth, of the memory for all of them.
const SHARE: usize = 16;

/// The memory that all namespaces of a server may use to remember.
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

    /// The most bytes that one absent client may take.
    pub(crate) fn share(&self) -> usize {
        self.absent.max_bytes() / SHARE
    }
}
