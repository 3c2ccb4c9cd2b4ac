//! Saving progress without holding up a key.
//!
//! A save waits for the disk. A thread of its own does it, always with the newest state: one that was asked for in the
//! meantime is superseded, not queued. The last save is the one that must not get lost: it is tried again for a while, and
//! [`Saver::finish`] says whether it came about.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::progress::{Progress, SaveError, Store};

/// How often the last save is tried again, and the pause before. The obstacle may be gone by then, a lock for example.
const RETRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// How long a disk may take for it. One that takes longer will not come to an end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The last state is not saved.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSaved {
    #[error("your last changes are not saved: {0}")]
    Failed(#[from] SaveError),
    #[error("your last changes are not saved: the disk takes more than {} s. See that it works", PATIENCE.as_secs())]
    Endless,
    /// Its panic has been reported already.
    #[error("your last changes are not saved")]
    Panicked,
}

/// Saves in the background. [`Saver::finish`] waits for the last save.
#[derive(Debug)]
pub(super) struct Saver {
    states: Sender<Box<Progress>>,
    last: Receiver<Result<(), SaveError>>,
}

impl Saver {
    /// Saves to `store`; `on_error` is told of each save that fails.
    pub(super) fn start(store: Store, on_error: impl Fn(&SaveError) + Send + 'static) -> Self {
        let (states, waiting) = channel();
        let (ended, last) = channel();
        thread::spawn(move || {
            let saved = save_all(&store, &waiting, on_error);
            // The program may have lost its patience.
            let _ = ended.send(saved);
        });
        Self { states, last }
    }

    /// Saves this state soon.
    pub(super) fn save(&self, progress: Box<Progress>) {
        // The thread ends only with this handle.
        let _ = self.states.send(progress);
    }

    /// Waits until the last state is saved, and says why if it is not.
    pub(super) fn finish(self) -> Result<(), NotSaved> {
        drop(self.states);
        match self.last.recv_timeout(PATIENCE) {
            Ok(saved) => Ok(saved?),
            Err(RecvTimeoutError::Timeout) => Err(NotSaved::Endless),
            Err(RecvTimeoutError::Disconnected) => Err(NotSaved::Panicked),
        }
    }
}

/// Saves each state that comes, and says how the last save ended.
fn save_all(store: &Store, waiting: &Receiver<Box<Progress>>, on_error: impl Fn(&SaveError)) -> Result<(), SaveError> {
    let mut failed = None;
    while let Ok(first) = waiting.recv() {
        let newest = waiting.try_iter().last().unwrap_or(first);
        failed = store.save(&newest).inspect_err(&on_error).err().map(|error| (newest, error));
    }
    failed.map_or(Ok(()), |(newest, error)| retry(store, &newest, error))
}

fn retry(store: &Store, progress: &Progress, mut error: SaveError) -> Result<(), SaveError> {
    for _ in 0..RETRIES {
        if !error.may_pass() {
            break;
        }
        thread::sleep(PAUSE);
        match store.save(progress) {
            Ok(()) => return Ok(()),
            Err(again) => error = again,
        }
    }
    Err(error)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::progress::Place;

    fn at(number: usize) -> Box<Progress> {
        let mut progress = Progress::default();
        progress.enter(Place::new("lesson", &format!("step-{number}")), 1);
        Box::new(progress)
    }

    #[test]
    fn the_newest_state_is_on_disk_in_the_end() {
        let home = tempfile::tempdir().unwrap();
        let saver = Saver::start(Store::open(home.path(), 0).store, |error| panic!("{error}"));
        for number in 0..100 {
            saver.save(at(number));
        }
        saver.finish().unwrap();
        assert_eq!(Store::open(home.path(), 0).progress, *at(99));
    }

    #[test]
    fn a_last_save_that_fails_is_tried_again() {
        let home = tempfile::tempdir().unwrap();
        let state = home.path().join("state.json");
        let store = Store::open(home.path(), 0).store;
        fs::create_dir(&state).unwrap();
        let saver = Saver::start(store, move |_| fs::remove_dir(&state).unwrap());
        saver.save(at(1));
        saver.finish().unwrap();
        assert_eq!(Store::open(home.path(), 0).progress, *at(1));
    }

    #[test]
    fn a_last_save_that_fails_for_good_says_where_and_why() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path(), 0).store;
        fs::create_dir(home.path().join("state.json")).unwrap();
        let saver = Saver::start(store, |_| {});
        saver.save(at(1));
        let error = saver.finish().unwrap_err().to_string();
        let start =
            format!("your last changes are not saved: cannot write {}", home.path().join("state.json").display());
        assert!(error.starts_with(&start), "{error}");
    }
}
