//! How many files and sockets this program may have open at a time.
//!
//! A shell often allows but 1,024, and each client of a server takes one. A server that took them all would leave nothing for
//! the file that the learner's progress goes to.

/// What is kept for files, processes, the terminal and an editor.
const RESERVE: usize = 128;

/// With fewer a server would not be one.
const FEWEST_STREAMS: usize = 16;

/// Raises the limit as far as the system allows, and says what it is then.
fn allow_many() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        // Where that is not allowed, the program gets along with fewer.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
        let current = getrlimit(Resource::Nofile).current;
        current.map_or(usize::MAX, |current| usize::try_from(current).unwrap_or(usize::MAX))
    }
    #[cfg(not(unix))]
    usize::MAX
}

/// How many streams a server in this process may carry at a time, with the limit raised.
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
        let maximum = getrlimit(Resource::Nofile).maximum;
        setrlimit(Resource::Nofile, Rlimit { current: Some(64), maximum }).unwrap();
        let most = allow_many();
        assert_eq!(getrlimit(Resource::Nofile).current, maximum);
        assert_eq!(most, maximum.map_or(usize::MAX, |maximum| usize::try_from(maximum).unwrap()));
    }
}
