//! Jobs in the background that the learner waits for.
//!
//! Each kind has its own slot: several may run at once, and the end of one says nothing about the others.

use judge::Progress;

/// A kind of job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// A check of an exercise.
    Check,
    /// The learner's assertion is tried on the buggy server and on a correct one.
    Try,
    /// The learner's fix is checked.
    Fix,
    /// The learner's server is built and started.
    Serve,
    /// The same, for a file with a bug that was just planted.
    ServeBug,
    /// The server of a show is built and started.
    Show,
}

/// A job in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its kind.
    pub job: Job,
    /// When it began, in milliseconds like `now_ms`.
    pub since_ms: u64,
    /// How far it is.
    pub progress: Option<Progress>,
}

/// All jobs in progress.
#[derive(Debug, Default)]
pub struct Jobs {
    show: Option<Running>,
    server: Option<Running>,
    fix: Option<Running>,
    attempt: Option<Running>,
    check: Option<Running>,
}

impl Jobs {
    /// Begins a job, in place of one of its kind.
    pub fn begin(&mut self, job: Job, now_ms: u64) {
        *self.slot(job) = Some(Running { job, since_ms: now_ms, progress: None });
    }

    /// Ends a job.
    pub fn end(&mut self, job: Job) {
        *self.slot(job) = None;
    }

    /// Sets the progress of a job, if it is running.
    pub fn advance(&mut self, job: Job, progress: Progress) {
        if let Some(running) = self.slot(job) {
            running.progress = Some(progress);
        }
    }

    /// Whether a server of the learner's is being started.
    pub fn is_starting(&self) -> bool {
        self.server.is_some()
    }

    /// The one to show: the job that began last. Of two that began at once, a verdict comes before a server.
    pub fn newest(&self) -> Option<&Running> {
        let Self { show, server, fix, attempt, check } = self;
        [show, server, fix, attempt, check].into_iter().flatten().max_by_key(|running| running.since_ms)
    }

    fn slot(&mut self, job: Job) -> &mut Option<Running> {
        match job {
            Job::Check => &mut self.check,
            Job::Try => &mut self.attempt,
            Job::Fix => &mut self.fix,
            Job::Serve | Job::ServeBug => &mut self.server,
            Job::Show => &mut self.show,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_one_job_leaves_the_others_where_they_are() {
        let mut jobs = Jobs::default();
        jobs.begin(Job::ServeBug, 1);
        jobs.begin(Job::Try, 2);
        jobs.advance(Job::Serve, Progress::Downloading);
        jobs.advance(Job::Fix, Progress::Running);
        assert_eq!(jobs.newest().map(|running| running.job), Some(Job::Try));
        jobs.end(Job::Try);
        jobs.end(Job::Check);
        let newest = jobs.newest().unwrap();
        assert_eq!((newest.job, newest.since_ms, &newest.progress), (Job::ServeBug, 1, &Some(Progress::Downloading)));
        jobs.end(Job::Serve);
        assert_eq!(jobs.newest(), None);
    }

    #[test]
    fn of_two_that_began_at_once_the_verdict_is_waited_for() {
        let mut jobs = Jobs::default();
        jobs.begin(Job::Check, 1);
        jobs.begin(Job::Serve, 1);
        assert_eq!(jobs.newest().map(|running| running.job), Some(Job::Check));
    }
}
