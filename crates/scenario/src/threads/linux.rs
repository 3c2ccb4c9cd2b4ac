//! The other threads of this process, from `/proc/self/task`.
//!
//! A look at a thread says how often it has been on a processor, its turns, and whether it waits. Two looks at all threads
//! with the same turns prove that from the end of the first one on none was on a processor, so none could wake another
//! one; a thread that waits in the second one, then, still does. From there on nobody is left to wake anybody, but for the
//! caller and real time.
//!
//! Each of the files knows a part of that. `schedstat` has the turns, but a thread that has been woken has no new one yet.
//! `stat` has the state: such a thread runs, as does one that is still being made. But it also says of one that it
//! waits when that is only about to leave its processor, and may yet think better of it. `syscall` tells the two apart.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::linux::fs::MetadataExt as _;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

use super::census::{Census, POOL};
use super::syscall;
use crate::waits::RealTime;

const FOLDER: &str = "/proc/self/task";

/// The folder's own links; each thread adds one. Asking for their number is cheaper than reading the folder.
const OWN_LINKS: u64 = 2;

const NO_SUCH_THREAD: i32 = rustix::io::Errno::SRCH.raw_os_error();

/// Looks in a row at threads that run, before the caller sleeps between them: most threads have little to do.
const BRIEF_LOOKS: u32 = 8;
const BETWEEN_LOOKS: Duration = Duration::from_micros(50);

/// The threads that were not there when the watch began.
#[derive(Debug)]
pub(crate) struct Threads {
    /// `None` where the system does not tell enough, so that there is nothing to see.
    folder: Option<File>,
    /// Those from before will stay, and the system counts threads as expected.
    countable: bool,
    before: BTreeSet<u32>,
    tasks: Vec<Task>,
    /// Whether there were other processes of ours when a thread had last run.
    processes: bool,
}

impl Threads {
    /// Ignores the threads that there are, the caller's among them, and watches those to come. It costs less if there are
    /// no others than the caller's own, which will stay: that many.
    pub(crate) fn watch(own: usize) -> Self {
        let before = listed().unwrap_or_default();
        let folder = File::open("/proc/thread-self/schedstat").and_then(|_| File::open(FOLDER)).ok();
        let mut threads = Self { folder, countable: false, before, tasks: Vec::new(), processes: false };
        threads.countable = threads.before.len() == own && threads.count() == Some(own);
        threads
    }

    /// Waits until no thread runs. One that never waits holds the caller for ever.
    pub(crate) fn settle(&mut self) -> Census {
        let mut looks = 0;
        while self.folder.is_some() && !self.is_as_before() {
            if looks < BRIEF_LOOKS {
                std::thread::yield_now();
            } else {
                std::thread::sleep(BETWEEN_LOOKS);
            }
            looks += 1;
        }
        let quiet = looks == 0;
        if !quiet {
            self.processes = !self.tasks.is_empty() && has_processes();
        }
        self.census(quiet)
    }

    fn census(&self, quiet: bool) -> Census {
        let mut census = Census { quiet, ..Census::default() };
        for pause in self.tasks.iter().filter_map(|task| task.pause.as_ref()) {
            census.pool |= pause.in_pool;
            let waits = if pause.in_pool { &mut census.pool_waits } else { &mut census.waits };
            waits.extend(pause.wait);
        }
        // A thread may wait for one of them without saying so, in a pipe.
        census.waits.extend(self.processes.then_some(RealTime::Process));
        census
    }

    /// Looks at all threads: whether they are those of the look before, and none has run since.
    fn is_as_before(&mut self) -> bool {
        let same = self.are_the_same() || self.renew();
        // All states come before all turns: if the turns are the same, nobody has woken anybody in between.
        let mut still = true;
        for task in &mut self.tasks {
            still &= task.waits();
        }
        for task in &mut self.tasks {
            still &= task.has_paused();
        }
        same && still
    }

    /// What can be said without reading the folder. A thread that took the place of another one is noticed when that one
    /// is looked at.
    fn are_the_same(&self) -> bool {
        let known = self.before.len() + self.tasks.len();
        self.countable && self.count() == Some(known) && self.tasks.iter().all(|task| !task.gone)
    }

    fn count(&self) -> Option<usize> {
        let links = self.folder.as_ref()?.metadata().ok()?.st_nlink();
        usize::try_from(links.checked_sub(OWN_LINKS)?).ok()
    }

    /// Reads the folder: takes in new threads and lets go of those that have left. Whether there was nobody.
    fn renew(&mut self) -> bool {
        let Some(mut present) = listed() else { return true };
        let known = self.tasks.len();
        self.tasks.retain(|task| !task.gone && present.contains(&task.id));
        let mut same = self.tasks.len() == known;
        for task in &self.tasks {
            present.remove(&task.id);
        }
        for id in present.difference(&self.before) {
            match Task::open(*id) {
                Ok(task) => self.tasks.push(task),
                // It has left by now, perhaps not without starting another one.
                Err(error) if error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(NO_SUCH_THREAD) => {}
                // No more files may be open. There is no end of waiting for somebody who cannot be seen.
                Err(_) => continue,
            }
            same = false;
        }
        same
    }
}

/// Whether this process has started others that are still there, as far as the system says.
fn has_processes() -> bool {
    let of = |id: u32| fs::read(path(id, "children")).is_ok_and(|children| !children.is_empty());
    listed().unwrap_or_default().into_iter().any(of)
}

fn listed() -> Option<BTreeSet<u32>> {
    let entries = fs::read_dir(FOLDER).ok()?;
    Some(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect())
}

/// One thread. The files stay open: this reads them again and again.
#[derive(Debug)]
struct Task {
    id: u32,
    schedstat: File,
    stat: File,
    /// How it waited when it was last seen to have been on a processor; `None` if it still was.
    pause: Option<Pause>,
    gone: bool,
}

/// A thread that waits.
#[derive(Debug)]
struct Pause {
    turns: Line,
    in_pool: bool,
    wait: Option<RealTime>,
}

impl Task {
    fn open(id: u32) -> io::Result<Self> {
        let open = |file| File::open(path(id, file));
        Ok(Self { id, schedstat: open("schedstat")?, stat: open("stat")?, pause: None, gone: false })
    }

    fn waits(&mut self) -> bool {
        let state = self.state();
        self.gone |= state.is_none();
        // A thread that waits for a disk does not wait for long, nor for another thread.
        !matches!(state, None | Some(b'R' | b'D'))
    }

    /// Whether it has not been on a processor since the look before.
    fn has_paused(&mut self) -> bool {
        let Some(turns) = self.turns() else {
            self.gone = true;
            return false;
        };
        if self.pause.as_ref().is_some_and(|pause| pause.turns == turns) {
            return true;
        }
        // After the turns: if it runs in between, the next look shows more of them.
        let call = fs::read_to_string(path(self.id, "syscall")).unwrap_or_default();
        let off_processor = !call.starts_with("running");
        self.pause =
            off_processor.then(|| Pause { turns, in_pool: self.is_in_pool(), wait: syscall::real_time(&call) });
        false
    }

    /// How often it has been on a processor so far, and how long it was there: the two change together.
    fn turns(&self) -> Option<Line> {
        Line::of(&self.schedstat)
    }

    fn state(&self) -> Option<u8> {
        let Line(line) = Line::of(&self.stat)?;
        // The name, in parentheses, may be anything, parentheses included.
        let name_end = line.iter().rposition(|byte| *byte == b')')?;
        line.get(name_end + 2).copied()
    }

    fn is_in_pool(&self) -> bool {
        fs::read_to_string(path(self.id, "comm")).is_ok_and(|name| name.trim_end() == POOL)
    }
}

fn path(id: u32, file: &str) -> String {
    format!("{FOLDER}/{id}/{file}")
}

/// The beginning of a file, compared and searched as bytes: this is done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line([u8; 64]);

impl Line {
    fn of(file: &File) -> Option<Self> {
        let mut line = [0; 64];
        file.read_at(&mut line, 0).ok()?;
        Some(Self(line))
    }
}
