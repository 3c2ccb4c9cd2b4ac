//! Things that only unsafe calls to the system can do: [`fork`] a process, and [`give_back_memory`].
//!
//! A program that is loaded once and copied for each scenario costs a fraction of one that is started for each, and each
//! copy begins with the same memory: nothing that one of them keeps in a `static` reaches the next.
//!
//! Forking is unsafe where other threads run: the copy has their locks and not them. So this asks first how many threads
//! there are, and refuses if it cannot tell.

#![cfg(unix)]

use std::io;

use rustix::process::Pid;

/// Which of the two processes goes on here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that called, with the id of the copy.
    Parent(Pid),
    /// The copy.
    Child,
}

/// Copies this process, as `fork(2)` does.
///
/// # Errors
///
/// [`io::ErrorKind::Unsupported`] when this process has more than one thread or the system does not say how many it has;
/// else what the system says, most often that there is no room for another process.
pub fn fork() -> io::Result<Side> {
    if threads() != Some(1) {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "only a process with a single thread is copied"));
    }
    #[expect(unsafe_code, reason = "there is no safe way to call fork")]
    // SAFETY: no other thread exists that could hold a lock or be in the middle of a change.
    let process = unsafe { libc::fork() };
    match process {
        ..=-1 => Err(io::Error::last_os_error()),
        0 => Ok(Side::Child),
        process => {
            Pid::from_raw(process).map(Side::Parent).ok_or_else(|| io::Error::other("a process without a number"))
        }
    }
}

/// Gives back to the system what this process has freed. The C library of GNU keeps it, where anything beyond it is in use:
/// of what a thousand clients held, almost all. Others give it back by themselves, or cannot be asked.
pub fn give_back_memory() {
    #[cfg(target_env = "gnu")]
    {
        #[expect(unsafe_code, reason = "there is no safe way to call malloc_trim")]
        // SAFETY: it may be called at any time, from any thread, and touches nothing that is in use.
        unsafe {
            libc::malloc_trim(0);
        }
    }
}

/// How many threads this process has, where the system tells: each is a folder, and a folder has as many links as folders
/// in it, and two more.
fn threads() -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self/task").ok()?.nlink().checked_sub(2)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_several_threads_is_not_copied() {
        // The test runner's main thread waits beside this one.
        assert_eq!(fork().err().map(|error| error.kind()), Some(io::ErrorKind::Unsupported));
    }
}
