//! Finds out which program holds a lock, if possible.

use std::fmt;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _};

/// The most digits of a process id.
const LONGEST_ID: u64 = 20;

/// A program that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The id of its process.
    pub process: u32,
    /// Its name, if the system tells.
    pub name: Option<String>,
}

impl Holder {
    /// The program that holds the lock on this file: according to the system, or else as it has written down itself.
    pub(super) fn of(file: &File) -> Option<Self> {
        let process = by_the_system(file).or_else(|| written_in(file))?;
        Some(Self { process, name: name_of(process) })
    }

    /// The holder in parentheses, to follow a word in a sentence; empty if it is unknown.
    pub(super) fn in_parentheses(holder: Option<&Self>) -> String {
        holder.map_or_else(String::new, |holder| format!(" ({holder})"))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "process {}", self.process)?;
        self.name.as_ref().map_or(Ok(()), |name| write!(formatter, ", `{name}`"))
    }
}

fn written_in(mut file: &File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(LONGEST_ID).read_to_string(&mut text).ok()?;
    text.parse().ok()
}

#[cfg(target_os = "linux")]
fn by_the_system(file: &File) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let inode = file.metadata().ok()?.ino();
    holder_in(&fs::read_to_string("/proc/locks").ok()?, inode)
}

#[cfg(not(target_os = "linux"))]
fn by_the_system(_: &File) -> Option<u32> {
    None
}

/// The process in a line such as `3: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF` (`proc_locks(5)`). On some file
/// systems the device before the file's number is not that of the file. A process that is hidden from us has the id 0.
#[cfg(target_os = "linux")]
fn holder_in(locks: &str, inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (kind, process, file) = (words.next()?, words.nth(2)?, words.next()?);
        let is_this = kind == "FLOCK" && file.rsplit(':').next()?.parse() == Ok(inode);
        process.parse().ok().filter(|process| is_this && *process > 0)
    })
}

#[cfg(target_os = "linux")]
fn name_of(process: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(crate::text::clean(name.trim_end()))
}

#[cfg(not(target_os = "linux"))]
fn name_of(_: u32) -> Option<String> {
    None
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_found_among_other_locks_and_a_waiting_process_is_none() {
        let locks = "1: POSIX  ADVISORY  READ 4 08:01:77 128 128\n\
                     2: FLOCK  ADVISORY  WRITE 5 08:01:78 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 4711 00:2d:77 0 EOF\n\
                     3: -> FLOCK  ADVISORY  WRITE 6 00:2d:77 0 EOF\n\
                     4: FLOCK  ADVISORY  WRITE 0 00:2d:79 0 EOF\n";
        assert_eq!(holder_in(locks, 77), Some(4711));
        assert_eq!(holder_in(locks, 79), None);
        assert_eq!(holder_in(locks, 80), None);
    }
}
