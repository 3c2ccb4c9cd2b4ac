//! The sessions that one event wakes, a few at a time.
//!
//! An event can go to a thousand clients, and each of them costs a system call. If all were woken at once, a client that
//! has just asked something would get its answer behind the last of them.

use std::task::Waker;

use tokio::runtime::Handle;
use tokio::task::yield_now;

/// Sessions that are woken before everybody else has a turn.
const PORTION: usize = 64;

/// Wakes the first sessions at once, and the others in their turn when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    woken: usize,
    later: Vec<Waker>,
}

impl Wakes {
    /// Wakes a session, or remembers to do so.
    pub(crate) fn add(&mut self, session: Waker) {
        if self.woken < PORTION {
            self.woken += 1;
            session.wake();
        } else {
            self.later.push(session);
        }
    }
}

impl Drop for Wakes {
    fn drop(&mut self) {
        let later = std::mem::take(&mut self.later);
        if later.is_empty() {
            return;
        }
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(wake_in_portions(later))),
            // A thread of the application emits: the runtime has nothing else to do for it.
            Err(_) => later.into_iter().for_each(Waker::wake),
        }
    }
}

async fn wake_in_portions(sessions: Vec<Waker>) {
    let mut sessions = sessions.into_iter().peekable();
    while sessions.peek().is_some() {
        yield_now().await;
        sessions.by_ref().take(PORTION).for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
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
            wakes.add(Arc::clone(session).into());
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
    fn without_a_runtime_all_are_woken_at_once() {
        let sessions: [Arc<Session>; 2 * PORTION] = std::array::from_fn(|_| Arc::default());
        emit(&sessions);
        assert_eq!(woken(&sessions), vec![1; sessions.len()]);
    }
}
