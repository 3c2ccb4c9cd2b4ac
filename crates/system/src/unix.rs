//! Calls that other systems do not have.

use std::io;

use rustix::process::Pid;

/// Which of the two processes goes on here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The process that called, with the id of the copy.
    Parent(Pid),
    /// The copy.
    Child,
}

/// Copies this process, as `fork(2)` does.
///
/// # Errors
///
/// [`io::ErrorKind::Unsupported`] when this process has more than one thread or the system does not say how many it
/// has; otherwise an error of the system, most often that no more processes are allowed.
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

/// Returns memory that this process has freed to the system. The GNU C library keeps it if memory beyond it is in use:
/// almost all that a thousand clients held. Other libraries return it by themselves, or cannot be told to.
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

/// How many threads this process has, if the system tells: each thread is a folder, and a folder has two more links
/// than subfolders.
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
        // The test runner's main thread is waiting as well.
        assert_eq!(fork().err().map(|error| error.kind()), Some(io::ErrorKind::Unsupported));
    }
}
