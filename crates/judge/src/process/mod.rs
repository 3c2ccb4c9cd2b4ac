//! A child process and everything that it starts: one group, which ends as a whole.
//!
//! On Unix there is a process of our own in between, the `supervisor`: it has a connection to us and ends the group
//! when that breaks, so that nothing is left behind when we are killed. On Windows a job object does the same.

#[cfg(unix)]
mod descendants;
#[cfg(unix)]
mod supervisor;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use tokio::time::timeout;
use tracing::debug;

#[cfg(unix)]
pub(crate) use unix::Group;
#[cfg(windows)]
pub(crate) use windows::Group;

/// Does the work of the process in between, if this program was started for that; the program then has to exit with
/// this code. Call it before doing anything else.
pub fn supervise_if_asked() -> Option<std::process::ExitCode> {
    #[cfg(unix)]
    return supervisor::if_asked();
    #[cfg(not(unix))]
    None
}

/// Names another program that does this work, for a program that cannot call it first, such as a unit test.
pub fn stand_in(program: PathBuf) {
    #[cfg(unix)]
    unix::stand_in(program);
    #[cfg(not(unix))]
    drop(program);
}

/// How long the pipes of an ended process may stay open: without a supervisor that adopts it, a grandchild that left
/// the group can hold them for ever.
const DRAIN_GRACE: Duration = Duration::from_millis(300);

/// A program to start. Its standard output and standard error are pipes.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The file, or a name to look for in `PATH`.
    pub(crate) name: OsString,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    /// Variables to set, or to remove if the value is `None`.
    pub(crate) environment: Vec<(OsString, Option<OsString>)>,
    /// Whether it gets no other variables.
    pub(crate) clear_environment: bool,
    pub(crate) stdin: Input,
    /// How many processes the group may have, if that is limited. Processes that left the group are then ended with it.
    #[cfg_attr(windows, allow(dead_code, reason = "nobody counts them there"))]
    pub(crate) most_processes: Option<usize>,
}

/// The standard input of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// It ends at once.
    Nothing,
    /// It ends when the group is asked to end.
    EndWhenAsked,
}

/// Runs `main` to its end while `reading` runs beside it, then lets `reading` finish if it does so soon.
pub(crate) async fn while_reading<T>(main: impl Future<Output = T>, reading: impl Future<Output = ()>) -> T {
    tokio::pin!(main, reading);
    let mut all_read = false;
    let output = loop {
        tokio::select! {
            output = &mut main => break output,
            () = &mut reading, if !all_read => all_read = true,
        }
    };
    if !all_read && timeout(DRAIN_GRACE, reading).await.is_err() {
        debug!("something still holds the pipes of a process that has ended");
    }
    output
}
