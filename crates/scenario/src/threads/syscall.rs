//! How a thread waits, read from the system call that it is in.

use crate::waits::RealTime;

/// The system call of a waiting thread, as `/proc/<pid>/syscall` has it: the number, then the arguments.
///
/// `None` for a wait without a limit, and for unknown calls.
pub(super) fn real_time(line: &str) -> Option<RealTime> {
    let mut words = line.split_ascii_whitespace();
    let number: u32 = words.next()?.parse().ok()?;
    let arguments: Vec<u64> = words.map_while(argument).collect();
    let (_, limit) = table::CALLS.iter().find(|(call, _)| *call == number)?;
    match *limit {
        Limit::Always => Some(RealTime::Sleep),
        Limit::Process => Some(RealTime::Process),
        Limit::Pointer(place) => arguments.get(place).filter(|pointer| **pointer != 0).map(|_| RealTime::TimedWait),
        Limit::Milliseconds(place) => {
            // A C `int`, of which only the lower half of the register counts; a negative one means "without end".
            let negative = |milliseconds: &u64| milliseconds & 0x8000_0000 != 0;
            arguments.get(place).filter(|milliseconds| !negative(milliseconds)).map(|_| RealTime::TimedWait)
        }
    }
}

fn argument(word: &str) -> Option<u64> {
    u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()
}

/// Where a system call has the time for which it waits.
#[derive(Clone, Copy)]
enum Limit {
    /// Nowhere: it always waits for some time.
    Always,
    /// Nowhere: another process decides how long.
    Process,
    /// This argument points to the time; null means "without end".
    Pointer(usize),
    /// This argument is the time.
    Milliseconds(usize),
}

#[cfg(target_arch = "x86_64")]
mod table {
    use super::Limit::{self, Always, Milliseconds, Pointer, Process};

    pub(super) const CALLS: &[(u32, Limit)] = &[
        (7, Milliseconds(2)),   // poll
        (23, Pointer(4)),       // select
        (35, Always),           // nanosleep
        (61, Process),          // wait4
        (202, Pointer(3)),      // futex
        (230, Always),          // clock_nanosleep
        (232, Milliseconds(3)), // epoll_wait
        (247, Process),         // waitid
        (270, Pointer(4)),      // pselect6
        (271, Pointer(2)),      // ppoll
        (281, Milliseconds(3)), // epoll_pwait
        (441, Pointer(3)),      // epoll_pwait2
    ];
}

#[cfg(target_arch = "aarch64")]
mod table {
    use super::Limit::{self, Always, Milliseconds, Pointer, Process};

    pub(super) const CALLS: &[(u32, Limit)] = &[
        (22, Milliseconds(3)), // epoll_pwait
        (72, Pointer(4)),      // pselect6
        (73, Pointer(2)),      // ppoll
        (95, Process),         // waitid
        (98, Pointer(3)),      // futex
        (101, Always),         // nanosleep
        (115, Always),         // clock_nanosleep
        (260, Process),        // wait4
        (441, Pointer(3)),     // epoll_pwait2
    ];
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod table {
    use super::Limit;

    pub(super) const CALLS: &[(u32, Limit)] = &[];
}

#[cfg(test)]
#[cfg(target_arch = "x86_64")]
mod tests {
    use super::*;

    #[test]
    fn knows_a_sleep_from_a_wait_and_a_limit_from_none() {
        for (line, wait) in [
            ("230 0x1 0x0 0x7f1 0x7f1 0x0 0x0 0x7ffe 0x7f2\n", Some(RealTime::Sleep)),
            ("202 0x7f1 0x189 0x0 0x7f3 0x0 0xffffffff 0x7ffe 0x7f2\n", Some(RealTime::TimedWait)),
            ("202 0x7f1 0x189 0x0 0x0 0x0 0xffffffff 0x7ffe 0x7f2\n", None),
            ("232 0x4 0x7f1 0x400 0x3e8 0x0 0x8 0x7ffe 0x7f2\n", Some(RealTime::TimedWait)),
            ("232 0x4 0x7f1 0x400 0xffffffff 0x0 0x8 0x7ffe 0x7f2\n", None),
            ("7 0x7f1 0x1 0xffffffffffffffff 0x0 0x0 0x8 0x7ffe 0x7f2\n", None),
            ("0 0x3 0x7f1 0x2000 0x0 0x0 0x0 0x7ffe 0x7f2\n", None),
            ("61 0x1234 0x7f1 0x0 0x0 0x0 0x8 0x7ffe 0x7f2\n", Some(RealTime::Process)),
            ("-1 0x7ffe 0x7f2\n", None),
            ("running\n", None),
            ("", None),
        ] {
            assert_eq!(real_time(line), wait, "{line}");
        }
    }
}
