//! Systems that tell nothing about threads.

use std::collections::BTreeSet;

use super::census::Census;
use crate::waits::RealTime;

/// The other threads of this process, about which this system tells nothing.
#[derive(Debug)]
pub(crate) struct Threads;

impl Threads {
    pub(crate) fn watch(_: usize) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "on Linux there is something to see")]
    pub(crate) fn settle(&mut self) -> Census {
        Census { quiet: true, ..Census::default() }
    }
}

/// Observes the thread that started it, about which this system tells nothing.
#[derive(Debug)]
pub(crate) enum Sampler {}

/// Tells the [`Sampler`] when the thread may wait.
#[derive(Debug, Default, Clone)]
pub(crate) struct Rest;

impl Sampler {
    pub(crate) fn start(_: &Rest) -> Option<Self> {
        None
    }

    pub(crate) fn finish(self) -> BTreeSet<RealTime> {
        match self {}
    }
}

impl Rest {
    #[expect(clippy::unused_self, reason = "on Linux there is something to see")]
    pub(crate) fn begin(&self) {}

    #[expect(clippy::unused_self, reason = "on Linux there is something to see")]
    pub(crate) fn end(&self) {}
}
