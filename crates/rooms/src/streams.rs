//! The streams of a server: how many there are, and whether more may come.

use std::sync::Arc;

use tokio::sync::watch;

/// All streams, those that carry a session and those that may later do so.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    state: watch::Sender<State>,
}

#[derive(Debug, Default)]
struct State {
    open: usize,
    ended: u64,
    closing: bool,
}

impl Streams {
    /// Counts a stream for as long as the guard lives; `None` when there are too many, or the server is closing.
    pub(crate) fn admit(self: &Arc<Self>, most: usize) -> Option<StreamGuard> {
        let mut is_admitted = false;
        self.change(|state| {
            is_admitted = !state.closing && state.open < most;
            state.open += usize::from(is_admitted);
        });
        is_admitted.then(|| StreamGuard { streams: Arc::clone(self) })
    }

    /// How many have ended.
    pub(crate) fn ended(&self) -> u64 {
        self.state.borrow().ended
    }

    /// Admits no more.
    pub(crate) fn close(&self) {
        self.state.send_modify(|state| state.closing = true);
    }

    /// Completes when the server begins to close.
    pub(crate) async fn closing(&self) {
        self.until(|state| state.closing).await;
    }

    /// Completes when there are none.
    pub(crate) async fn all_gone(&self) {
        self.until(|state| state.open == 0).await;
    }

    /// Changes the state, and wakes waiting tasks only when no stream is left.
    fn change(&self, change: impl FnOnce(&mut State)) {
        self.state.send_if_modified(|state| {
            change(state);
            state.open == 0
        });
    }

    async fn until(&self, condition: impl FnMut(&State) -> bool) {
        // The sender is here, so there is always one.
        let _ = self.state.subscribe().wait_for(condition).await;
    }
}

/// One of the streams that the server allows. Dropping it frees the place.
#[derive(Debug)]
pub(crate) struct StreamGuard {
    streams: Arc<Streams>,
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        self.streams.change(|state| {
            state.open -= 1;
            state.ended += 1;
        });
    }
}
