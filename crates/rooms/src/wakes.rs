//! The sessions that one event wakes, a few at a time.
//!
//! An event can go to a thousand clients, and each of them costs a system call. If all were woken at once, a client
//! that has just asked for something would get its answer after the last of them.

use std::sync::Arc;
use std::vec::IntoIter;

use futures_util::task::AtomicWaker;
use tokio::runtime::Handle;
use tokio::task::yield_now;

/// Sessions that are woken before all other tasks have a turn.
const PORTION: usize = 64;

/// Wakes the first sessions at once, and the others in portions, beginning when it is dropped. Until then each of them
/// can still be woken for another reason.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    woken: usize,
    later: Vec<Arc<AtomicWaker>>,
}

impl Wakes {
    /// Wakes a session, or remembers to do so.
    pub(crate) fn add(&mut self, session: &Arc<AtomicWaker>) {
        if self.woken < PORTION {
            self.woken += 1;
            session.wake();
        } else {
            self.later.push(Arc::clone(session));
        }
    }
}

impl Drop for Wakes {
    fn drop(&mut self) {
        if self.later.is_empty() {
            return;
        }
        let later = Later(std::mem::take(&mut self.later).into_iter());
        // If a thread of the application emits, there is no runtime, and they are woken when this is dropped.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(later.wake_in_portions());
        }
    }
}

/// Sessions that are still to be woken. When it is dropped because its runtime ends, it wakes them all.
struct Later(IntoIter<Arc<AtomicWaker>>);

impl Later {
    async fn wake_in_portions(mut self) {
        while self.0.len() > 0 {
            yield_now().await;
            self.wake(PORTION);
        }
    }

    fn wake(&mut self, sessions: usize) {
        for session in self.0.by_ref().take(sessions) {
            session.wake();
        }
    }
}

impl Drop for Later {
    fn drop(&mut self) {
        self.wake(usize::MAX);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Session(AtomicUsize);

    impl Wake for Session {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn emit(sessions: &[Arc<Session>]) {
        let mut wakes = Wakes::default();
        for session in sessions {
            let session_waker = Arc::new(AtomicWaker::new());
            session_waker.register(&Arc::clone(session).into());
            wakes.add(&session_waker);
        }
    }

    fn woken(sessions: &[Arc<Session>]) -> Vec<usize> {
        sessions.iter().map(|session| session.0.load(Ordering::Relaxed)).collect()
    }

    #[tokio::test]
    async fn everybody_else_has_a_turn_between_two_portions() {
        let sessions: [Arc<Session>; 3 * PORTION] = std::array::from_fn(|_| Arc::default());
        emit(&sessions);
        for portions in 1..=3 {
            let count = portions * PORTION;
            assert_eq!(woken(&sessions), [vec![1; count], vec![0; sessions.len() - count]].concat());
            yield_now().await;
            yield_now().await;
        }
    }

    #[test]
    fn a_runtime_that_ends_forgets_none() {
        let sessions: [Arc<Session>; 3 * PORTION] = std::array::from_fn(|_| Arc::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { emit(&sessions) });
        drop(runtime);
        assert_eq!(woken(&sessions), vec![1; sessions.len()]);
    }

    #[test]
    fn without_a_runtime_all_are_woken_at_once() {
        let sessions: [Arc<Session>; 2 * PORTION] = std::array::from_fn(|_| Arc::default());
        emit(&sessions);
        assert_eq!(woken(&sessions), vec![1; sessions.len()]);
    }
}
