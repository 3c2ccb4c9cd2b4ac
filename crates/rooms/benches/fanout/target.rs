//! A server under test: a process, its address, and the resources that it uses.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::arguments::Command;

/// Long enough for a server to finish its work after the last client has its answer.
const SETTLE: Duration = Duration::from_millis(20);

/// A running server. Dropping it ends the process.
pub(crate) struct Target {
    process: Child,
    /// Servers exit when it is closed.
    _stdin: Option<ChildStdin>,
    /// Kept open: a later line must not be an error for the server.
    stdout: Option<BufReader<ChildStdout>>,
    pub(crate) address: SocketAddr,
}

/// Resident memory in bytes: now, and its peak so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: f64,
    pub(crate) peak: f64,
}

impl Target {
    pub(crate) fn start(command: &Command, pinned: bool) -> Result<Self> {
        let ours = sched_getaffinity(None)?;
        if pinned {
            // A child inherits the CPUs of the thread that starts it.
            sched_setaffinity(None, &all_but_last()?)?;
        }
        let child = std::process::Command::new(&command.program)
            .args(&command.arguments)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        sched_setaffinity(None, &ours)?;
        let mut process = child.with_context(|| format!("starting {}", command.program.display()))?;
        let (stdin, stdout) = (process.stdin.take(), process.stdout.take().map(BufReader::new));
        // Constructed before the line is parsed, so that an error ends the process.
        let mut target = Self { process, _stdin: stdin, stdout, address: ([127, 0, 0, 1], 0).into() };
        let mut line = String::new();
        if let Some(stdout) = &mut target.stdout {
            stdout.read_line(&mut line)?;
        }
        target.address = address_in(&line).with_context(|| format!("{} said `{}`", command.name, line.trim()))?;
        Ok(target)
    }

    /// CPU time used so far, in seconds. The scheduler counts it in nanoseconds but adds a running thread's share only
    /// now and then; so this waits until the server is idle; then the value is exact.
    pub(crate) fn cpu(&self) -> Result<f64> {
        std::thread::sleep(SETTLE);
        let mut nanoseconds = 0;
        for task in fs::read_dir(self.proc("task"))? {
            nanoseconds += on_cpu(&task?.path())?;
        }
        #[allow(clippy::cast_precision_loss)]
        let seconds = nanoseconds as f64 / 1e9;
        Ok(seconds)
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        let rollup = fs::read_to_string(self.proc("smaps_rollup"))?;
        let status = fs::read_to_string(self.proc("status"))?;
        Ok(Memory { now: kibibytes(&rollup, "Rss:")?, peak: kibibytes(&status, "VmHWM:")? })
    }

    /// Forgets the peak so far.
    pub(crate) fn reset_peak(&self) -> Result<()> {
        Ok(fs::write(self.proc("clear_refs"), "5")?)
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.process.id())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // An error means that it has already exited.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reserves the last CPU for this process.
pub(crate) fn pin_load() -> Result<()> {
    let mut last = CpuSet::new();
    last.set(cpus()? - 1);
    Ok(sched_setaffinity(None, &last)?)
}

fn all_but_last() -> Result<CpuSet> {
    let mut others = CpuSet::new();
    (0..cpus()? - 1).for_each(|cpu| others.set(cpu));
    Ok(others)
}

/// The number of CPUs; with fewer than two, nothing can be pinned.
fn cpus() -> Result<usize> {
    let online = fs::read_to_string("/proc/stat")?.lines().filter(|line| is_cpu(line)).count();
    if online < 2 {
        bail!("pinning needs two CPUs; try --no-pin");
    }
    Ok(online)
}

fn is_cpu(line: &str) -> bool {
    line.strip_prefix("cpu").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

fn on_cpu(task: &Path) -> Result<u64> {
    let schedstat = fs::read_to_string(task.join("schedstat"))?;
    let first = schedstat.split_whitespace().next().context("an empty schedstat")?;
    Ok(first.parse()?)
}

fn kibibytes(text: &str, key: &str) -> Result<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key)).with_context(|| format!("no {key}"))?;
    let number = line.split_whitespace().next().context("an empty line")?;
    Ok(number.parse::<f64>()? * 1024.0)
}

/// The address in a line such as `listening on http://127.0.0.1:3000`.
fn address_in(line: &str) -> Result<SocketAddr> {
    let candidates = line.split_whitespace().map(|word| word.trim_start_matches("http://").trim_end_matches('/'));
    let mut addresses = candidates.filter_map(|word| word.to_socket_addrs().ok()?.next());
    addresses.next().context("it contains no address")
}

/// CPU time that this process has used, in seconds.
pub(crate) fn own_cpu() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    #[allow(clippy::cast_precision_loss)]
    let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    seconds
}
