//! Whether the runtime's own thread waits in real time, in a handler for example.
//!
//! It cannot tell that itself: when it does nothing, the machine may be busy with something else. So another thread
//! looks at it at intervals.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::syscall;
use crate::waits::RealTime;

/// The time between two looks. A sleep of a few such intervals is noticed.
const INTERVAL: Duration = Duration::from_millis(2);

/// Observes the thread that started it.
#[derive(Debug)]
pub(crate) struct Sampler {
    stop: Sender<()>,
    thread: JoinHandle<BTreeSet<RealTime>>,
}

/// Tells the [`Sampler`] when the thread may wait.
#[derive(Debug, Default, Clone)]
pub(crate) struct Rest(Arc<AtomicU64>);

impl Sampler {
    /// `None` if the system tells nothing about threads, or no further thread can be started.
    pub(crate) fn start(rest: &Rest) -> Option<Self> {
        let call = File::open("/proc/thread-self/syscall").ok()?;
        let (stop, stopped) = channel();
        let rest = rest.clone();
        let thread =
            Builder::new().name("rtws-sampler".to_owned()).spawn(move || sample(&call, &rest, &stopped)).ok()?;
        Some(Self { stop, thread })
    }

    /// The waits that were seen.
    pub(crate) fn finish(self) -> BTreeSet<RealTime> {
        drop(self.stop);
        self.thread.join().unwrap_or_default()
    }
}

fn sample(call: &File, rest: &Rest, stopped: &Receiver<()>) -> BTreeSet<RealTime> {
    let mut seen = BTreeSet::new();
    while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        let before = rest.0.load(Ordering::SeqCst);
        let wait = read(call).as_deref().and_then(syscall::real_time);
        // If the count has changed, the thread may have been allowed to wait during the look.
        if !is_rest(before) && rest.0.load(Ordering::SeqCst) == before {
            seen.extend(wait);
        }
    }
    seen
}

fn read(call: &File) -> Option<String> {
    // On the stack: what is allocated here would count as the answer's.
    let mut line = [0; 256];
    let length = call.read_at(&mut line, 0).ok()?;
    std::str::from_utf8(&line[..length]).ok().map(str::to_owned)
}

impl Rest {
    /// From here on the thread may wait.
    pub(crate) fn begin(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// From here on it should not.
    pub(crate) fn end(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// The count goes up at the beginning and at the end of each rest.
fn is_rest(count: u64) -> bool {
    count % 2 == 1
}
