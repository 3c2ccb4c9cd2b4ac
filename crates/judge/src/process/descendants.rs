//! Finds every descendant of this process, and ends it.

use std::{thread, time::Duration};

#[cfg(target_os = "linux")]
use rustix::process::getpid;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

/// How often to look for ended processes, and for how long, before giving up on those that cannot be killed.
const PAUSE: Duration = Duration::from_millis(2);
const ATTEMPTS: u32 = 1000;

/// Makes this process the parent of every orphan among its descendants, if the system can do that.
pub(super) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // A system without this call leaves orphans to its first process, as it would without us.
    let _ = rustix::process::set_child_subreaper(Some(getpid()));
}

/// Kills all descendants and waits until they are gone. Their orphans become our children, so the next round finds
/// them.
pub(super) fn end_all() {
    for _ in 0..ATTEMPTS {
        while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
        if wait(WaitOptions::NOHANG).is_err() {
            // There is no child, so there is no grandchild either: we would have adopted it.
            return;
        }
        for process in descendants() {
            // It may have ended by now, which is fine.
            let _ = kill_process(process, Signal::KILL);
        }
        thread::sleep(PAUSE);
    }
}

/// Kills all descendants of a process that cannot do so itself, because it has been stopped. They stay its children
/// when they are dead, so none gets away in between; a process that one of them started just before it died is found in
/// the next round.
pub(super) fn end_below(ancestor: Pid) {
    for _ in 0..ATTEMPTS {
        let found = below(ancestor);
        if found.is_empty() {
            return;
        }
        for process in found {
            // It may have ended by now, which is fine.
            let _ = kill_process(process, Signal::KILL);
        }
        thread::sleep(PAUSE);
    }
}

/// The processes below this one, as far as the system lists them.
#[cfg(target_os = "linux")]
pub(super) fn descendants() -> Vec<Pid> {
    below(getpid())
}

#[cfg(target_os = "linux")]
fn below(ancestor: Pid) -> Vec<Pid> {
    let parents = parents();
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
        next += 1;
    }
    found.split_off(1)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn descendants() -> Vec<Pid> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
fn below(_: Pid) -> Vec<Pid> {
    Vec::new()
}

/// Each process with its parent.
#[cfg(target_os = "linux")]
fn parents() -> Vec<(Pid, Pid)> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let process = |entry: std::fs::DirEntry| {
        let child = entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw)?;
        let parent = living_parent_in(&std::fs::read_to_string(entry.path().join("stat")).ok()?)?;
        Some((child, parent))
    };
    entries.flatten().filter_map(process).collect()
}

/// The parent in `/proc/<pid>/stat`: `pid (name) state parent …`, in which the name may contain anything
/// (`proc_pid_stat(5)`). A process that has ended, but that its parent has not waited for, has none.
#[cfg(target_os = "linux")]
fn living_parent_in(stat: &str) -> Option<Pid> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let is_living = fields.next()? != "Z";
    let parent = fields.next()?.parse().ok().and_then(Pid::from_raw);
    parent.filter(|_| is_living)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_found_behind_any_name() {
        assert_eq!(living_parent_in("7 (a) b) S 42 7 7 0").map(Pid::as_raw_pid), Some(42));
        assert_eq!(living_parent_in("7 (ended) Z 42 7 7 0"), None);
        assert_eq!(living_parent_in("1 (init) S 0 1"), None);
        assert_eq!(living_parent_in(""), None);
    }

    #[test]
    fn a_child_is_a_descendant_and_the_parent_is_not() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let found = descendants();
        assert!(found.contains(&Pid::from_child(&child)));
        assert!(!found.contains(&getpid()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
