//! Has an answer's program play scenarios, within limits, and collects the results.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use harness::order::{Left, Line, ProcessEnd};
use scenario::memory::Repetitions;
use tokio::time::timeout;
use tracing::debug;

use super::{
    OnProgress, Progress, Workshop,
    cases::{Case, Logs},
    order::{Order, SCHEMA},
    outcome::Ended,
    output::Kept,
    process::{Group, Input, Program, while_reading},
};

/// Processes that a program may have. No exercise needs a second one.
pub(crate) const MOST_PROCESSES: usize = 32;

/// How many scenarios are played in real time at a time. They wait most of it.
const IN_REAL_TIME: usize = 4;

/// Variables that the program keeps. An answer that reads others would have another verdict on each machine.
const KEPT: [&str; 6] = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"];

/// How scenarios are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct How {
    /// How many at the same time.
    pub(crate) at_a_time: usize,
    /// In real time; else under the virtual clock.
    pub(crate) in_real_time: bool,
    /// How long all of them may take together.
    pub(crate) limit: Duration,
    /// Which of them leave a log behind.
    pub(crate) logs: Logs,
    /// How often those about memory.
    pub(crate) repetitions: Repetitions,
}

impl How {
    /// Under the virtual clock, as a check plays.
    pub(crate) fn simulated(workshop: &Workshop) -> Self {
        Self {
            at_a_time: workshop.scenarios_at_a_time,
            in_real_time: false,
            limit: workshop.limits.run,
            logs: Logs::Written,
            repetitions: Repetitions::Few,
        }
    }

    /// In real time, for scenarios that wait for so long in all.
    pub(crate) fn in_real_time(workshop: &Workshop, waits: Duration) -> Self {
        Self {
            at_a_time: IN_REAL_TIME,
            in_real_time: true,
            limit: workshop.limits.run + waits,
            ..Self::simulated(workshop)
        }
    }
}

/// The results of a program that played.
#[derive(Debug)]
pub(crate) struct Played {
    /// How the program as a whole ended.
    pub(crate) ended: Ended,
    /// The output of the program as a whole, without that of its scenarios.
    pub(crate) printed: String,
    /// The results of each scenario of the order.
    pub(crate) scenarios: Vec<PlayedOne>,
}

/// The results of one scenario.
#[derive(Debug)]
pub(crate) struct PlayedOne {
    pub(crate) left: Left,
    /// Its output, kept within bounds.
    pub(crate) printed: String,
}

/// Plays `cases`. `look` is given the results before they are thrown away. Dropping the future kills the program, and
/// everything that it started.
pub(crate) async fn play<T>(
    workshop: &Workshop,
    program: &Path,
    cases: &[&Case],
    how: How,
    on_progress: OnProgress<'_>,
    look: impl FnOnce(Played) -> T,
) -> io::Result<T> {
    let begun = Instant::now();
    let folder = tempfile::tempdir()?;
    let scenarios = cases.iter().map(|case| case.ordered(how.logs, how.repetitions)).collect();
    let order = Order { schema: SCHEMA, at_a_time: how.at_a_time, real_time: how.in_real_time, scenarios };
    order.write(folder.path())?;
    let mut group = Group::spawn(&player(program, folder.path(), how.at_a_time))?;
    on_progress(Progress::Running);
    let (stdout, stderr) = (group.take_stdout()?, group.take_stderr()?);
    let (mut kept_stdout, mut kept_stderr) = (Kept::default(), Kept::default());
    let reading = async {
        tokio::join!(kept_stdout.drain(stdout), kept_stderr.drain(stderr));
    };
    let ended = match while_reading(wait_or_stop(&mut group, how.limit, workshop.limits.grace), reading).await? {
        Ended::TooManyProcesses(_) => Ended::TooManyProcesses(MOST_PROCESSES),
        ended => ended,
    };
    debug!(scenarios = cases.len(), ms = begun.elapsed().as_millis(), "played");
    let printed = kept_stdout.text() + &kept_stderr.text();
    let scenarios: Vec<_> = order.left(folder.path()).into_iter().map(PlayedOne::of).collect();
    if let Some(one) = scenarios.iter().find(|one| one.is_not_done()) {
        return Err(io::Error::other(format!("a scenario could not be played\n{}", one.printed.trim_end())));
    }
    if ended == Ended::Exited(harness::NOT_DONE.into()) {
        return Err(io::Error::other(printed.trim_end().to_owned()));
    }
    Ok(look(Played { ended, printed, scenarios }))
}

impl PlayedOne {
    fn of(left: Left) -> Self {
        let mut printed = Kept::default();
        if let Ok(file) = left.printed() {
            printed.read(file);
        }
        Self { left, printed: printed.text() }
    }

    /// Whether the machine prevented it.
    fn is_not_done(&self) -> bool {
        let is_played = matches!(self.left.line, Some(Line::Played(_) | Line::Panicked(_) | Line::Unplayable(_)));
        self.left.end == Some(ProcessEnd::Exited(harness::NOT_DONE.into())) && !is_played
    }
}

fn player(program: &Path, folder: &Path, at_a_time: usize) -> Program {
    let kept = KEPT.iter().filter_map(|name| Some((OsString::from(name), Some(std::env::var_os(name)?))));
    Program {
        name: program.into(),
        arguments: Vec::new(),
        folder: folder.to_owned(),
        environment: kept.chain([(harness::PLAY.into(), Some(folder.into()))]).collect(),
        clear_environment: true,
        stdin: Input::Nothing,
        // The copies that the program makes of itself do not count.
        most_processes: Some(MOST_PROCESSES + at_a_time),
    }
}

async fn wait_or_stop(group: &mut Group, limit: Duration, grace: Duration) -> io::Result<Ended> {
    if let Ok(ended) = timeout(limit, group.wait()).await {
        return ended;
    }
    // However it ended: its time was up.
    let ended = group.stop(grace).await;
    debug!(?limit, ?ended, "an answer was stopped");
    Ok(Ended::TimedOut(limit))
}
