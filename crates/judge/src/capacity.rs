//! How much the machine can do at the same time.

use std::num::NonZero;

use harness::limits::MEMORY;

/// How many checks can run at the same time: one for each processor, if there is the memory that each may take.
pub fn checks_at_a_time() -> usize {
    fitting(std::thread::available_parallelism().map_or(1, NonZero::get), available_memory())
}

fn fitting(processors: usize, memory: Option<u64>) -> usize {
    let in_memory = memory.map_or(usize::MAX, |bytes| usize::try_from(bytes / MEMORY).unwrap_or(usize::MAX));
    processors.min(in_memory).max(1)
}

/// The memory that programs can still take, in bytes, if the system tells (`proc_meminfo(5)`).
pub fn available_memory() -> Option<u64> {
    available_in(&std::fs::read_to_string("/proc/meminfo").ok()?)
}

fn available_in(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_available_memory_is_read_in_bytes() {
        let meminfo = "MemTotal:       24689552 kB\nMemFree:          517400 kB\nMemAvailable:    2097152 kB\n";
        assert_eq!(available_in(meminfo), Some(2 << 30));
        assert_eq!(available_in("MemTotal: 1 kB\n"), None);
    }

    #[test]
    fn memory_limits_the_checks_and_leaves_room_for_one() {
        assert_eq!(fitting(8, Some(16 << 30)), 8);
        assert_eq!(fitting(8, Some(5 << 30)), 2);
        assert_eq!(fitting(8, Some(1)), 1);
        assert_eq!(fitting(8, None), 8);
    }
}
