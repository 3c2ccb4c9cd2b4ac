//! Whether reading a stream is worth a try.
//!
//! A session is woken mostly to write. Trying to read each time would cost more than the rest of its turn, so the
//! stream gets its own waker, which remembers that the stream called it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

/// The waker that a stream calls when there is something to read.
#[derive(Debug)]
pub(crate) struct Readiness {
    call: Arc<Call>,
    waker: Waker,
}

#[derive(Debug)]
struct Call {
    /// Whether the stream has called since it was last tried; it may be ready from the beginning.
    came: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.came.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl Readiness {
    pub(crate) fn new() -> Self {
        let call = Arc::new(Call { came: AtomicBool::new(true), task: AtomicWaker::new() });
        Self { waker: Waker::from(Arc::clone(&call)), call }
    }

    /// Tries to read, unless the last try found nothing and the stream has not called since.
    pub(crate) fn poll<T>(&self, context: &Context<'_>, read: impl FnOnce(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
        self.call.task.register(context.waker());
        if !self.call.came.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        let outcome = read(&mut Context::from_waker(&self.waker));
        if outcome.is_ready() {
            // There may be more to read.
            self.call.came.store(true, Ordering::Release);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls once; returns whether reading was tried, and the result.
    fn poll(readiness: &Readiness, outcome: Poll<()>) -> (bool, Poll<()>) {
        let mut tried = false;
        let polled = readiness.poll(&Context::from_waker(Waker::noop()), |_| {
            tried = true;
            outcome
        });
        (tried, polled)
    }

    #[test]
    fn it_tries_until_that_is_in_vain_and_again_when_the_stream_calls() {
        let readiness = Readiness::new();
        assert_eq!(poll(&readiness, Poll::Ready(())), (true, Poll::Ready(())));
        assert_eq!(poll(&readiness, Poll::Pending), (true, Poll::Pending));
        assert_eq!(poll(&readiness, Poll::Ready(())), (false, Poll::Pending));
        readiness.waker.wake_by_ref();
        assert_eq!(poll(&readiness, Poll::Ready(())), (true, Poll::Ready(())));
    }

    #[test]
    fn a_call_during_the_try_counts() {
        let readiness = Readiness::new();
        let polled = readiness.poll(&Context::from_waker(Waker::noop()), |context| {
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        assert_eq!(polled, Poll::Pending);
        assert_eq!(poll(&readiness, Poll::Pending), (true, Poll::Pending));
    }
}
