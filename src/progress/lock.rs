//! Locks that decide which program may write the learner's state.
//!
//! Two files in the learner's folder are locked; their contents are only for messages. `state.lock` is held for as long
//! as one change takes, so that changes come one after another. `session.lock` is held for as long as a workshop is
//! open, and keeps everybody else from changing anything. It is only tried under `state.lock`, so that a change never
//! blocks a workshop that opens. The system releases both when their process ends, however it ends.
//!
//! A change takes milliseconds. A program that holds `state.lock` for longer has been stopped, or is not ours; it is
//! named, and nobody waits for it.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::holder::Holder;

/// How often the lock is tried, and the pause between: two seconds in all.
const ATTEMPTS: u32 = 1000;
const PAUSE: Duration = Duration::from_millis(2);

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    file: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Nobody must take this process for a later holder. A killed process leaves its id, which does no harm.
        let _ = self.file.set_len(0);
    }
}

/// Whether a workshop is open.
#[derive(Debug)]
pub(super) enum Session {
    /// None is open, and none can open while this is held.
    Free(Option<Held>),
    /// Another program has one open, which may be known.
    Taken(Option<Holder>),
}

/// Why a lock cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another program has it and does not release it.
    #[error(
        "{} is held by another program{}. Wait until that is done, or end it, and try again",
        path.display(),
        Holder::in_parentheses(.holder.as_ref())
    )]
    Held {
        /// The path of the file.
        path: PathBuf,
        /// The other program, if it is known.
        holder: Option<Holder>,
    },
    /// It is a pipe, a folder, a device or a link.
    #[error("cannot lock {}: it is not a file. Move it away", path.display())]
    NoFile {
        /// Where it is, in the file's place.
        path: PathBuf,
    },
}

/// Waits for the turn to change the state. `None` if files cannot be locked, or the folder cannot be written.
pub(super) fn turn(home: &Path) -> Result<Option<Held>, LockError> {
    turn_within(home, ATTEMPTS)
}

fn turn_within(home: &Path, attempts: u32) -> Result<Option<Held>, LockError> {
    let path = home.join("state.lock");
    let Some(file) = open(&path)? else { return Ok(None) };
    for _ in 0..attempts {
        match file.try_lock() {
            Ok(()) => return Ok(Some(held(file))),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Err(LockError::Held { path, holder: Holder::of(&file) })
}

/// Takes the session, if nobody has it. Call it while holding the [`turn`].
pub(super) fn session(home: &Path) -> Result<Session, LockError> {
    let Some(file) = open(&home.join("session.lock"))? else { return Ok(Session::Free(None)) };
    Ok(match file.try_lock() {
        Ok(()) => Session::Free(Some(held(file))),
        Err(TryLockError::WouldBlock) => Session::Taken(Holder::of(&file)),
        Err(TryLockError::Error(_)) => Session::Free(None),
    })
}

/// Writes down which process has it, for the message of a second one. If that fails, the message says less.
fn held(mut file: File) -> Held {
    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
    Held { file }
}

fn open(path: &Path) -> Result<Option<File>, LockError> {
    let no_file = || LockError::NoFile { path: path.to_owned() };
    if path.parent().is_none_or(|folder| fs::create_dir_all(folder).is_err()) {
        return Ok(None);
    }
    // A file of another user, on a shared checkout, cannot be written, but can be locked all the same.
    let opened = options().write(true).create(true).open(path).or_else(|_| options().open(path));
    match opened.and_then(|file| Ok((file.metadata()?.is_file(), file))) {
        Ok((true, file)) => Ok(Some(file)),
        Ok((false, _)) => Err(no_file()),
        Err(_) if fs::symlink_metadata(path).is_ok_and(|it| !it.is_file()) => Err(no_file()),
        Err(_) => Ok(None),
    }
}

/// Opening a pipe waits for the program at its other end, unless this flag is set. A link is not followed, because a
/// lock is written to: a folder from somebody else could make this empty another file of the learner's.
#[cfg(unix)]
fn options() -> fs::OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = File::options();
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
    options.read(true).custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    options
}

#[cfg(not(unix))]
fn options() -> fs::OpenOptions {
    let mut options = File::options();
    options.read(true);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_lock_is_reported_with_its_holder_and_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let first = turn(home.path()).unwrap().unwrap();
        let error = turn_within(home.path(), 2).unwrap_err();
        let LockError::Held { path, holder } = &error else { panic!("{error}") };
        assert_eq!(path, &home.path().join("state.lock"));
        assert_eq!(holder.as_ref().unwrap().process, std::process::id());
        assert!(error.to_string().contains(&format!("(process {}", std::process::id())), "{error}");
        drop(first);
        assert!(turn_within(home.path(), 1).unwrap().is_some());
        assert_eq!(fs::read_to_string(home.path().join("state.lock")).unwrap(), "", "nobody holds it any more");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_written_through() {
        let home = tempfile::tempdir().unwrap();
        let (other, nowhere) = (home.path().join("other"), home.path().join("nowhere"));
        fs::write(&other, "not ours").unwrap();
        for (target, lock) in [(&other, "state.lock"), (&other, "session.lock"), (&nowhere, "state.lock")] {
            let path = home.path().join(lock);
            std::os::unix::fs::symlink(target, &path).unwrap();
            let error = if lock == "state.lock" { turn(home.path()).err() } else { session(home.path()).err() };
            let told = format!("cannot lock {}: it is not a file. Move it away", path.display());
            assert_eq!(error.map(|error| error.to_string()), Some(told));
            fs::remove_file(path).unwrap();
        }
        assert_eq!(fs::read_to_string(other).unwrap(), "not ours");
        assert!(!nowhere.exists());
    }

    #[cfg(unix)]
    #[test]
    fn anything_but_a_file_is_refused_by_name_and_holds_nothing_up() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state.lock");
        let make: [&dyn Fn(); 4] = [
            &|| fs::create_dir(&path).unwrap(),
            &|| assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success()),
            &|| std::os::unix::fs::symlink("/dev/zero", &path).unwrap(),
            &|| drop(std::os::unix::net::UnixListener::bind(&path).unwrap()),
        ];
        for make in make {
            make();
            let error = turn(home.path()).unwrap_err().to_string();
            assert_eq!(error, format!("cannot lock {}: it is not a file. Move it away", path.display()));
            fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap();
        }
    }
}
