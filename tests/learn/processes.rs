//! The processes below another. Linux only.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::common::PATIENCE;

/// Every process that `pid` has started and that still runs, and theirs.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = fs::read_dir("/proc").unwrap().flatten().filter_map(|it| parent(&it.path())).collect();
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(all.iter().filter(|(_, its_parent)| *its_parent == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found.split_off(1)
}

/// A process that can be waited for although another process started it.
pub(crate) struct Process {
    pub(crate) name: String,
    handle: Option<OwnedFd>,
}

impl Process {
    /// The process with this id, if it still runs.
    pub(crate) fn open(pid: u32) -> Self {
        let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
        Self { name: name(pid), handle: pidfd_open(pid, PidfdFlags::empty()).ok() }
    }

    /// Waits until it has ended; returns whether it has.
    pub(crate) fn ends(&self) -> bool {
        let patience = Timespec { tv_sec: PATIENCE.as_secs().try_into().unwrap(), tv_nsec: 0 };
        let Some(handle) = &self.handle else { return true };
        poll(&mut [PollFd::new(handle, PollFlags::IN)], Some(&patience)).unwrap() > 0
    }
}

fn name(pid: Pid) -> String {
    fs::read_to_string(format!("/proc/{}/comm", pid.as_raw_nonzero())).unwrap_or_default().trim().to_owned()
}

fn parent(process: &Path) -> Option<(u32, u32)> {
    let pid = process.file_name()?.to_str()?.parse().ok()?;
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The name, in parentheses, may contain anything.
    let after_name = stat.rsplit_once(") ")?.1;
    Some((pid, after_name.split(' ').nth(1)?.parse().ok()?))
}
