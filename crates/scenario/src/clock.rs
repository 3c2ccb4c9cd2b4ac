//! A virtual clock that stands still while the application computes, in any thread.
//!
//! Tokio's paused clock moves to the next timer as soon as the runtime has nothing to do. But a thread that computes for
//! a handler is about to wake the runtime; so before the runtime parks, a hook waits until all other threads wait. Messages
//! that they have sent by then are handled first, because tokio moves the clock only if nothing has woken the runtime.
//!
//! A thread of `spawn_blocking` stops tokio's clock for as long as it lives, which may be for ever. While it waits, the
//! hook itself moves the clock, by the millisecond to which tokio's timers are exact. Only tokio knows when the next
//! timer ends, so this takes a step for each millisecond: some microseconds.

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::runtime::{Builder, Runtime};

use crate::threads::{POOL, Rest, Sampler, Threads};
use crate::waits::RealTime;

/// The step of the clock: no timer of tokio ends between two steps.
const TICK: Duration = Duration::from_millis(1);

/// How many such steps a whole run can afford: six minutes of virtual time, which take a second or two.
const TICKS: u32 = 6 * 60 * 1000;

/// The step after that. Timers still end in their order, but up to this much late.
const COARSE_TICK: Duration = Duration::from_millis(64);

/// A signal that nothing depends on the millisecond any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coarse(Arc<AtomicBool>);

impl Coarse {
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How long, in a whole run, the clock stands still for threads of `spawn_blocking` that wait in real time: such a wait
/// may imitate a slow disk.
const PATIENCE: Duration = Duration::from_millis(500);

/// A thread of the pool that waits in real time for less than this may be about to end: it does so when its work is done, and
/// on a loaded machine the system may take a while to wake it.
const SHORT: Duration = Duration::from_millis(15);

/// The state of a paused clock.
#[derive(Debug)]
struct Clock {
    threads: Threads,
    patience: Duration,
    /// How long the clock has stood still for the same threads.
    stood: Duration,
    ticks: u32,
    coarse: Coarse,
    waits: BTreeSet<RealTime>,
}

/// A runtime on the calling thread, under a clock that stands still while other threads of the process compute, except
/// those that exist already.
#[derive(Debug)]
pub(crate) struct Paused {
    runtime: Runtime,
    clock: Arc<Mutex<Clock>>,
    sampler: Option<Sampler>,
}

impl Paused {
    /// `coarse` may be set at any time.
    pub(crate) fn new(coarse: Coarse) -> io::Result<Self> {
        let rest = Rest::default();
        // Before the watch begins, because the sampler is not the application's.
        let sampler = Sampler::start(&rest);
        let threads = Threads::watch(1 + usize::from(sampler.is_some()));
        let clock = Arc::new(Mutex::new(Clock {
            threads,
            patience: PATIENCE,
            stood: Duration::ZERO,
            ticks: TICKS,
            coarse,
            waits: BTreeSet::new(),
        }));
        let (parking, resting) = (Arc::clone(&clock), rest.clone());
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .thread_name(POOL)
            // A thread of the pool lives only while it works.
            .thread_keep_alive(Duration::ZERO)
            .on_thread_park(move || {
                resting.begin();
                lock(&parking).before_park();
            })
            .on_thread_unpark(move || rest.end())
            .build()?;
        Ok(Self { runtime, clock, sampler })
    }

    /// Runs to the end; also returns the waits in real time.
    pub(crate) fn run<T>(self, future: impl Future<Output = T>) -> (T, BTreeSet<RealTime>) {
        let outcome = run_on(self.runtime, future);
        let mut waits = std::mem::take(&mut lock(&self.clock).waits);
        waits.extend(self.sampler.map(Sampler::finish).unwrap_or_default());
        (outcome, waits)
    }
}

/// Runs to the end and leaves behind the threads that the runtime has started: some never end.
pub(crate) fn run_on<T>(runtime: Runtime, future: impl Future<Output = T>) -> T {
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(future)));
    runtime.shutdown_background();
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

fn lock(clock: &Mutex<Clock>) -> MutexGuard<'_, Clock> {
    clock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clock {
    /// Called when the runtime has nothing to do. Afterwards the runtime checks whether it was woken; if not, it moves
    /// the clock, unless this has done so.
    fn before_park(&mut self) {
        let census = self.threads.settle();
        self.waits.extend(&census.waits);
        if !census.pool {
            return;
        }
        if !census.quiet {
            // A thread has run, and may have woken the runtime.
            self.stood = Duration::ZERO;
            look_again(Duration::ZERO);
        } else if !census.pool_waits.is_empty() && self.patience > Duration::ZERO {
            std::thread::sleep(TICK);
            self.patience = self.patience.saturating_sub(TICK);
            self.stood += TICK;
            if self.stood >= SHORT {
                self.waits.extend(census.pool_waits);
            }
            look_again(Duration::ZERO);
        } else {
            look_again(self.tick());
        }
    }

    fn tick(&mut self) -> Duration {
        if self.coarse.0.load(Ordering::Relaxed) {
            return COARSE_TICK;
        }
        if let Some(ticks) = self.ticks.checked_sub(1) {
            self.ticks = ticks;
            return TICK;
        }
        self.waits.insert(RealTime::SpawnBlocking);
        COARSE_TICK
    }
}

/// Moves the clock, and keeps the runtime from parking: `advance` yields to other tasks, so there is more to do.
fn look_again(later: Duration) {
    let _ = tokio::time::advance(later).now_or_never();
}
