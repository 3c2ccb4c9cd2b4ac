//! Saving progress without holding up a key.
//!
//! A save waits for the disk. A thread of its own does it, always with the newest state: what was asked for meanwhile is
//! superseded, not queued.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::progress::{Progress, SaveError, Store};

/// Saves in the background. [`Saver::finish`] waits for the last save.
#[derive(Debug)]
pub(super) struct Saver {
    states: Sender<Box<Progress>>,
    thread: JoinHandle<()>,
}

impl Saver {
    /// Saves to `store`; `on_error` is told of each save that fails.
    pub(super) fn start(store: Store, on_error: impl Fn(&SaveError) + Send + 'static) -> Self {
        let (states, waiting) = channel();
        let thread = std::thread::spawn(move || save_all(&store, &waiting, on_error));
        Self { states, thread }
    }

    /// Saves this state soon.
    pub(super) fn save(&self, progress: Box<Progress>) {
        // The thread ends only with this handle.
        let _ = self.states.send(progress);
    }

    /// Waits until the last state is saved.
    pub(super) fn finish(self) {
        drop(self.states);
        // A panic there has been reported already.
        let _ = self.thread.join();
    }
}

fn save_all(store: &Store, waiting: &Receiver<Box<Progress>>, on_error: impl Fn(&SaveError)) {
    while let Ok(first) = waiting.recv() {
        let newest = waiting.try_iter().last().unwrap_or(first);
        if let Err(error) = store.save(&newest) {
            on_error(&error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Place;

    #[test]
    fn the_newest_state_is_on_disk_in_the_end() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path(), 0).store;
        let saver = Saver::start(store, |error| panic!("{error}"));
        let mut progress = Progress::default();
        for number in 0..100 {
            progress.enter(Place::new("lesson", &format!("step-{number}")), number);
            saver.save(Box::new(progress.clone()));
        }
        saver.finish();
        assert_eq!(Store::open(home.path(), 0).progress, progress);
    }
}
