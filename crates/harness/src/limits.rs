//! Limits on the resources that an exercise's code may use.
//!
//! The program of an answer limits itself before any of the learner's code runs, so that the limits hold however it is
//! started. They are hard limits: the code cannot lift them. The program that started the process limits the time on
//! the clock.

/// Address space, in bytes. A `Vec` that wants more ends the program; so do some thousand threads.
pub const MEMORY: u64 = 2 << 30;
/// Size of a file, in bytes.
#[cfg(unix)]
const FILE: u64 = 64 << 20;
/// CPU time of a test run, in seconds.
#[cfg(unix)]
const CPU: u64 = 20;

/// Limits this process for a test run.
pub(crate) fn limit_test_run() {
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        #[cfg(target_os = "linux")]
        limit_tasks();
        // At the hard limit the system kills without a word; at the soft one, a second earlier, its signal says why.
        limit(Resource::Cpu, CPU, CPU + 1);
    }
    limit_any();
}

/// Leaves room for this many more processes and threads of the same user: the system counts those of all of the user's
/// programs. The limit does not apply to the superuser.
#[cfg(target_os = "linux")]
const TASKS: u64 = 256;

#[cfg(target_os = "linux")]
fn limit_tasks() {
    // The fourth field is "running/all" (proc_loadavg(5)); the threads of other users only make the limit wider.
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let all =
        load.split(' ').nth(3).and_then(|field| field.split_once('/')).and_then(|(_, all)| all.parse::<u64>().ok());
    if let Some(all) = all {
        limit(rustix::process::Resource::Nproc, all + TASKS, all + TASKS);
    }
}

/// Limits this process, for a test run and for live serving alike.
pub(crate) fn limit_any() {
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        limit(Resource::As, MEMORY, MEMORY);
        limit(Resource::Fsize, FILE, FILE);
        // A crash needs no dump of the memory, which would lie beside the learner's files.
        limit(Resource::Core, 0, 0);
    }
}

#[cfg(unix)]
fn limit(resource: rustix::process::Resource, soft: u64, hard: u64) {
    use rustix::process::{Rlimit, getrlimit, setrlimit};
    let allowed = getrlimit(resource);
    let at_most = |allowed: Option<u64>, wanted: u64| Some(allowed.map_or(wanted, |allowed| allowed.min(wanted)));
    // A system without this limit runs the code anyway.
    let _ = setrlimit(
        resource,
        Rlimit { current: at_most(allowed.current, soft), maximum: at_most(allowed.maximum, hard) },
    );
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Output};

    use super::*;

    const GREEDY: &str = "HARNESS_TEST_GREEDY";

    /// Runs this very test in a child process, which is limited and then runs `greedy`; `None` in the child.
    fn child(test: &str, greedy: impl FnOnce()) -> Option<Output> {
        if std::env::var_os(GREEDY).is_some() {
            limit_test_run();
            greedy();
            return None;
        }
        let test = format!("limits::tests::{test}");
        let child = Command::new(std::env::current_exe().unwrap()).args(["--exact", &test]).env(GREEDY, "1").output();
        Some(child.unwrap())
    }

    #[test]
    fn too_much_memory_is_refused() {
        let greedy = || drop(std::hint::black_box(vec![1_u8; 3 << 30]));
        let Some(output) = child("too_much_memory_is_refused", greedy) else { return };
        assert!(String::from_utf8_lossy(&output.stderr).contains("memory allocation of 3221225472 bytes failed"));
    }

    #[test]
    fn too_large_a_file_is_refused() {
        let file = tempfile::tempfile().unwrap();
        let Some(output) = child("too_large_a_file_is_refused", || file.set_len(FILE + 1).unwrap()) else { return };
        assert_eq!(output.status.signal(), Some(25), "SIGXFSZ: {output:?}");
    }
}
