//! Each scenario in its own process, so that nothing of one reaches the next: statics, threads, tasks, the environment,
//! the current folder, and the way it ends.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::invocation::ONE;
use crate::order::{Ended, Lines, Order, ProcessEnd, place};
use crate::play::App;

/// Plays all scenarios of the order.
pub(crate) fn play_each(order: &Order, folder: &Path, app: App) -> io::Result<()> {
    for index in 0..order.scenarios.len() {
        fs::create_dir(place(folder, index))?;
    }
    let mut ended = Lines::create(&folder.join("ended.jsonl"))?;
    let mut note = |scenario, end| ended.write(&Ended { scenario, end });
    #[cfg(unix)]
    match copies::play_each(order, folder, app, &mut note) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        done => return done,
    }
    let _ = app;
    start_each(order, folder, &mut note)
}

type Note<'a> = &'a mut dyn FnMut(usize, ProcessEnd) -> io::Result<()>;

/// Plays them in copies of this process, which has loaded everything and done nothing yet.
#[cfg(unix)]
mod copies {
    use rustix::process::{Pid, WaitOptions, WaitStatus, wait};
    use system::{Side, fork};

    use super::{App, File, HashMap, Note, Order, Path, ProcessEnd, io, place};
    use crate::invocation::{NOT_DONE, complain};
    use crate::play;

    pub(super) fn play_each(order: &Order, folder: &Path, app: App, note: Note<'_>) -> io::Result<()> {
        let mut waiting = 0..order.scenarios.len();
        let mut playing: HashMap<Pid, usize> = HashMap::new();
        loop {
            while playing.len() < order.at_a_time.max(1)
                && let Some(index) = waiting.next()
            {
                match fork()? {
                    Side::Parent(copy) => drop(playing.insert(copy, index)),
                    Side::Child => be_the_copy(order, index, folder, app),
                }
            }
            if playing.is_empty() {
                return Ok(());
            }
            if let Some((copy, status)) = wait(WaitOptions::empty())?
                && let Some(end) = end_of(status)
                && let Some(index) = playing.remove(&copy)
            {
                note(index, end)?;
            }
        }
    }

    /// Never returns: the rest of the caller is for the original alone.
    fn be_the_copy(order: &Order, index: usize, folder: &Path, app: App) -> ! {
        let played = prepare(&place(folder, index)).and_then(|()| play::one(order, index, folder, app));
        let done = played.map_err(|error| complain(&error));
        std::process::exit(if done.is_ok() { 0 } else { NOT_DONE.into() })
    }

    /// Redirects the output to a file, and makes its folder the current one.
    fn prepare(place: &Path) -> io::Result<()> {
        let printed = File::options().create(true).append(true).open(place.join("printed"))?;
        rustix::stdio::dup2_stdout(&printed)?;
        rustix::stdio::dup2_stderr(&printed)?;
        std::env::set_current_dir(place)
    }

    fn end_of(status: WaitStatus) -> Option<ProcessEnd> {
        let signal = status.terminating_signal().map(ProcessEnd::Signalled);
        status.exit_status().map(ProcessEnd::Exited).or(signal)
    }
}

/// Starts this program again for each scenario, on systems on which a process cannot be copied.
fn start_each(order: &Order, folder: &Path, note: Note<'_>) -> io::Result<()> {
    for index in 0..order.scenarios.len() {
        let place = place(folder, index);
        let printed = File::create(place.join("printed"))?;
        let mut program = Command::new(std::env::current_exe()?);
        program.env(ONE, index.to_string()).current_dir(&place).stdin(Stdio::null());
        let status = program.stdout(printed.try_clone()?).stderr(printed).status()?;
        note(index, end_of(status))?;
    }
    Ok(())
}

fn end_of(status: ExitStatus) -> ProcessEnd {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ProcessEnd::Signalled(signal);
    }
    ProcessEnd::Exited(status.code().unwrap_or_default())
}
