//! How many files and sockets this program may have open at the same time.
//!
//! A shell often allows only 1,024, and each client of a server takes one. A server that took them all would leave none
//! for the file that holds the learner's progress.

/// Descriptors that are kept for files, processes, the terminal and an editor.
const RESERVE: usize = 128;

/// The fewest streams with which a server is of any use.
const FEWEST_STREAMS: usize = 16;

/// The most that macOS allows at the same time, even if it says that there is no limit.
#[cfg(unix)]
const OPEN_MAX: u64 = 10_240;

/// Raises the limit as far as the system allows, and returns it.
fn allow_many() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        raise(current, maximum, |current| setrlimit(Resource::Nofile, Rlimit { current, maximum }));
        let current = getrlimit(Resource::Nofile).current;
        current.map_or(usize::MAX, |current| usize::try_from(current).unwrap_or(usize::MAX))
    }
    #[cfg(not(unix))]
    usize::MAX
}

/// Sets the limit to the largest value that the system accepts; `None` means that there is no limit.
#[cfg(unix)]
fn raise<E>(current: Option<u64>, maximum: Option<u64>, mut set: impl FnMut(Option<u64>) -> Result<(), E>) {
    if set(maximum).is_err() && current.is_some_and(|current| current < OPEN_MAX) {
        // If that is not allowed either, the program gets by with fewer.
        let _ = set(Some(OPEN_MAX));
    }
}

/// How many streams a server in this process may carry at the same time, after raising the limit.
pub fn streams_allowed() -> usize {
    streams_within(allow_many())
}

fn streams_within(descriptors: usize) -> usize {
    descriptors.saturating_sub(RESERVE).max(FEWEST_STREAMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_leaves_a_reserve_and_always_gets_some() {
        assert_eq!(streams_within(1024), 1024 - RESERVE);
        assert_eq!(streams_within(64), FEWEST_STREAMS);
        assert_eq!(streams_within(usize::MAX), usize::MAX - RESERVE);
    }

    #[cfg(unix)]
    #[test]
    fn the_limit_is_raised_as_far_as_it_goes() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        // The other tests of this process can do with one less.
        let lowered = current.map(|current| current - 1);
        setrlimit(Resource::Nofile, Rlimit { current: lowered, maximum }).unwrap();
        let most = allow_many();
        let number = |limit: u64| usize::try_from(limit).unwrap();
        match maximum {
            Some(maximum) => assert_eq!(most, number(maximum)),
            None => assert!(lowered.is_none_or(|lowered| most > number(lowered))),
        }
    }

    #[cfg(unix)]
    #[test]
    fn on_a_system_that_names_no_limit_but_has_one_that_one_is_requested() {
        let asked = |current, maximum, allowed: fn(Option<u64>) -> bool| {
            let mut asked = Vec::new();
            raise(current, maximum, |limit| {
                asked.push(limit);
                if allowed(limit) { Ok(()) } else { Err(()) }
            });
            asked
        };
        let on_a_mac = |limit: Option<u64>| limit.is_some();
        assert_eq!(asked(Some(256), None, on_a_mac), [None, Some(OPEN_MAX)]);
        assert_eq!(asked(Some(OPEN_MAX + 1), None, on_a_mac), [None], "it is not lowered");
        assert_eq!(asked(Some(256), Some(4096), |_| true), [Some(4096)]);
    }
}
