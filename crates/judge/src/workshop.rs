//! The workshop that is judged: where it is, how it is built, how long things may take.

use std::{env, ffi::OsString, path::PathBuf, time::Duration};

use layout::Layout;

use super::capacity::checks_at_a_time;

/// How long a check may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest time that cargo may say nothing. A first build takes minutes, but names a crate every few seconds.
    pub build_silence: Duration,
    /// The longest time that compiling one answer may take, which is less than a second for most.
    pub compile: Duration,
    /// The longest time that the scenarios of an exercise may take together, under the virtual clock: those that somebody wrote,
    /// and again the others.
    pub run: Duration,
    /// How long the learner's app, started live, may take until it listens.
    pub listen: Duration,
    /// The time between asking a process to end and making it.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            build_silence: Duration::from_secs(120),
            compile: Duration::from_secs(20),
            run: Duration::from_secs(10),
            listen: Duration::from_secs(10),
            grace: Duration::from_secs(1),
        }
    }
}

/// Where the workshop is and how it is built.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// Where its files are. Absolute.
    pub layout: Layout,
    /// The cargo to call.
    pub cargo: OsString,
    /// Where cargo puts what it builds. Absolute.
    pub target: PathBuf,
    /// How many scenarios of an answer are played at a time. Where several answers are checked at a time, one is enough.
    pub scenarios_at_a_time: usize,
    /// How long things may take.
    pub limits: Limits,
}

impl Workshop {
    /// The workshop at `root`, built with the cargo that started us if there was one.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let target = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        // Relative to the workshop, wherever in it a program is started: cargo starts tests in their package's folder.
        let target = root.join(target.unwrap_or_else(|| "target".into()));
        Self::in_target(root, target)
    }

    /// The same, with what is built in `target`.
    pub fn in_target(root: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Self {
            layout: Layout::at(absolute(root.into())),
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            target: absolute(target.into()),
            scenarios_at_a_time: checks_at_a_time(),
            limits: Limits::default(),
        }
    }

    /// Where the engine keeps what it has built and found.
    pub(crate) fn store(&self) -> PathBuf {
        self.target.join("judge")
    }
}

/// Something that happens on the way to a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Another cargo uses the build folder.
    WaitingForBuildLock,
    /// Cargo fetches what the build needs; only on a first build.
    Downloading,
    /// Cargo compiles this crate.
    Compiling(String),
    /// The scenarios run.
    Running,
}

/// Takes progress while a check goes on. Must return at once.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);
