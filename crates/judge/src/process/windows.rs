//! A group on Windows: a job object, which ends when we do.

use std::{io, process::Stdio, time::Duration};

use process_wrap::tokio::{ChildWrapper, CommandWrap, JobObject, KillOnDrop};
use tokio::process::{ChildStderr, ChildStdout, Command};

use super::{Input, Program};
use crate::outcome::Ended;

/// A process and everything that it starts. Dropping it kills them all.
#[derive(Debug)]
pub(crate) struct Group {
    leader: Box<dyn ChildWrapper>,
}

impl Group {
    /// Starts `program` in its own job.
    pub(crate) fn spawn(program: &Program) -> io::Result<Self> {
        let mut command = Command::new(&program.name);
        let stdin = if program.stdin == Input::Nothing { Stdio::null() } else { Stdio::piped() };
        command.args(&program.arguments).current_dir(&program.folder);
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        if program.clear_environment {
            command.env_clear();
        }
        for (name, value) in &program.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let mut command = CommandWrap::from(command);
        command.wrap(KillOnDrop).wrap(JobObject);
        Ok(Self { leader: command.spawn()? })
    }

    pub(crate) fn take_stdout(&mut self) -> io::Result<ChildStdout> {
        self.leader.stdout().take().ok_or_else(|| io::Error::other("standard output is not a pipe"))
    }

    pub(crate) fn take_stderr(&mut self) -> io::Result<ChildStderr> {
        self.leader.stderr().take().ok_or_else(|| io::Error::other("standard error is not a pipe"))
    }

    /// Waits for the leader, then kills every process that it left behind.
    pub(crate) async fn wait(&mut self) -> io::Result<Ended> {
        // The job's own wait would wait for all its processes.
        let status = self.leader.inner_mut().wait().await?;
        self.kill();
        Ok(Ended::from(status))
    }

    /// Asks the program to end, which it notices only if it reads standard input, and kills it after `grace`.
    pub(crate) async fn stop(&mut self, grace: Duration) -> io::Result<Ended> {
        if self.leader.stdin().take().is_some()
            && let Ok(ended) = tokio::time::timeout(grace, self.wait()).await
        {
            return ended;
        }
        self.kill();
        self.wait().await
    }

    fn kill(&mut self) {
        // It may be gone already, which is fine.
        let _ = self.leader.start_kill();
    }
}
