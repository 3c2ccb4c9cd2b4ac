//! Who may write the learner's state.
//!
//! Two files in the learner's folder are locked; what they hold is for messages alone. `state.lock` is held for as long as one
//! change takes, so that changes come one after the other. `session.lock` is held for as long as a workshop is open,
//! and keeps everybody else from changing anything. It is tried for under `state.lock` alone, so that a change never
//! stands in the way of a workshop that opens. The system lets go of both when their process ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

/// Whether a workshop is open.
#[derive(Debug)]
pub(super) enum Session {
    /// Nobody has one open, and nobody opens one while this is held.
    Free(Option<Held>),
    /// Somebody has: the process, if it could write down its id.
    Taken(Option<u32>),
}

/// Waits for the turn to change the state. `None` where files cannot be locked, or the folder cannot be written.
pub(super) fn turn(home: &Path) -> Option<Held> {
    let file = open(&home.join("state.lock"))?;
    file.lock().ok()?;
    Some(Held { _file: file })
}

/// Takes the session, if nobody has it. To be asked by whoever has the [`turn`].
pub(super) fn session(home: &Path) -> Session {
    let Some(mut file) = open(&home.join("session.lock")) else { return Session::Free(None) };
    match file.try_lock() {
        Ok(()) => {
            // For the message of whoever comes second; without it that one just knows less.
            let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
            Session::Free(Some(Held { _file: file }))
        }
        Err(TryLockError::WouldBlock) => Session::Taken(process_in(&mut file)),
        Err(TryLockError::Error(_)) => Session::Free(None),
    }
}

fn open(path: &Path) -> Option<File> {
    fs::create_dir_all(path.parent()?).ok()?;
    let options = File::options().read(true).write(true).create(true).truncate(false).open(path);
    // Somebody else's, on a shared checkout: it can be locked all the same.
    options.or_else(|_| File::open(path)).ok()
}

fn process_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    text.parse().ok()
}
