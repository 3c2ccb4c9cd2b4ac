//! The other threads of this process, from `/proc/self/task`.
//!
//! A look at a thread tells how often it has been on a processor, its turns, and whether it waits. If two looks at all
//! threads find the same turns, none was on a processor after the end of the first look, so none could wake another; a
//! thread that waits in the second look still does. Then only the caller and real time can wake a thread.
//!
//! Each file has a part of this. `schedstat` has the turns, but a thread that has just been woken has no new one yet.
//! `stat` has the state: such a thread runs, and so does one that is still being created. But it also shows a thread as
//! waiting that is only about to leave its processor, and may still stay. `syscall` tells the two apart.

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

/// How often to look at running threads before the caller sleeps between looks: most threads have little to do.
const BRIEF_LOOKS: u32 = 8;
const BETWEEN_LOOKS: Duration = Duration::from_micros(50);

/// The threads that were started after the watch began.
#[derive(Debug)]
pub(crate) struct Threads {
    /// `None` if the system does not tell enough.
    folder: Option<File>,
    /// Earlier threads will stay, and the system counts threads as expected.
    countable: bool,
    before: BTreeSet<u32>,
    tasks: Vec<Task>,
    /// Whether this process had children when a thread last ran.
    processes: bool,
}

impl Threads {
    /// Ignores the threads that exist, the caller's among them, and watches later ones. It costs less if only the
    /// caller's `own` threads exist, and they stay.
    pub(crate) fn watch(own: usize) -> Self {
        let before = listed().unwrap_or_default();
        let folder = File::open("/proc/thread-self/schedstat").and_then(|_| File::open(FOLDER)).ok();
        let mut threads = Self { folder, countable: false, before, tasks: Vec::new(), processes: false };
        threads.countable = threads.before.len() == own && threads.count() == Some(own);
        threads
    }

    /// Waits until no thread runs. A thread that never waits blocks the caller for ever.
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

    /// Looks at all threads: whether they are the same as in the previous look, and none has run since.
    fn is_as_before(&mut self) -> bool {
        let same = self.are_the_same() || self.renew();
        // All states are read before all turns: if the turns are the same, no thread has woken another in between.
        let mut still = true;
        for task in &mut self.tasks {
            still &= task.waits();
        }
        for task in &mut self.tasks {
            still &= task.has_paused();
        }
        same && still
    }

    /// The answer, as far as it is known without reading the folder. A thread that replaced another is noticed when the
    /// old one is read.
    fn are_the_same(&self) -> bool {
        let known = self.before.len() + self.tasks.len();
        self.countable && self.count() == Some(known) && self.tasks.iter().all(|task| !task.gone)
    }

    fn count(&self) -> Option<usize> {
        let links = self.folder.as_ref()?.metadata().ok()?.st_nlink();
        usize::try_from(links.checked_sub(OWN_LINKS)?).ok()
    }

    /// Reads the folder: adds new threads and removes those that have ended. Returns whether there were none.
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
                // It has ended by now, and may have started another one before.
                Err(error) if error.kind() == ErrorKind::NotFound || error.raw_os_error() == Some(NO_SUCH_THREAD) => {}
                // No more files may be open. Waiting for a thread that cannot be observed would never end.
                Err(_) => continue,
            }
            same = false;
        }
        same
    }
}

/// Whether this process has child processes, as far as the system tells.
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
    /// How it waited when its turns last changed; `None` if it was running.
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
        // A thread that waits for a disk waits neither long nor for another thread.
        !matches!(state, None | Some(b'R' | b'D'))
    }

    /// Whether it has not been on a processor since the previous look.
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
