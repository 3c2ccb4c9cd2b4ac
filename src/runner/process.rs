//! A child process together with everything that it starts: one group, ended as one.

use std::{io, process::ExitStatus, time::Duration};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::{
    process::{ChildStderr, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// How long the pipes of an ended process may stay open: a grandchild that left the group can hold them for ever.
const DRAIN_GRACE: Duration = Duration::from_millis(300);

/// A process group and its leader. Dropping it kills the whole group.
#[derive(Debug)]
pub(super) struct Group {
    leader: Box<dyn ChildWrapper>,
    ended: bool,
}

impl Group {
    /// Starts `command` as the leader of a new group.
    pub(super) fn spawn(command: Command) -> io::Result<Self> {
        let mut command = CommandWrap::from(command);
        command.wrap(KillOnDrop);
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::tokio::JobObject);
        Ok(Self { leader: command.spawn()?, ended: false })
    }

    pub(super) fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.leader.stdin().take()
    }

    pub(super) fn take_stdout(&mut self) -> io::Result<ChildStdout> {
        (self.leader.stdout().take()).ok_or_else(|| io::Error::other("standard output is not a pipe"))
    }

    pub(super) fn take_stderr(&mut self) -> io::Result<ChildStderr> {
        (self.leader.stderr().take()).ok_or_else(|| io::Error::other("standard error is not a pipe"))
    }

    /// Waits for the leader, then kills what it left behind in its group.
    pub(super) async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.leader.wait().await?;
        if !self.ended {
            self.kill();
            self.ended = true;
        }
        Ok(status)
    }

    /// Asks the group to end, and after `grace` makes it.
    pub(super) async fn stop(&mut self, grace: Duration) -> io::Result<ExitStatus> {
        self.ask_to_end();
        if let Ok(status) = timeout(grace, self.wait()).await {
            return status;
        }
        self.kill();
        self.wait().await
    }

    #[cfg(unix)]
    fn ask_to_end(&self) {
        // The group may be gone already, which is what we want.
        let _ = self.leader.signal(signal_hook::consts::SIGTERM);
    }

    #[cfg(not(unix))]
    fn ask_to_end(&mut self) {
        self.kill();
    }

    fn kill(&mut self) {
        // The group may be gone already, which is what we want.
        let _ = self.leader.start_kill();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            self.kill();
        }
    }
}

/// Runs `main` to its end while `reading` goes on beside it, then lets `reading` finish if it does so soon.
pub(super) async fn while_reading<T>(main: impl Future<Output = T>, reading: impl Future<Output = ()>) -> T {
    tokio::pin!(main, reading);
    let mut all_read = false;
    let output = loop {
        tokio::select! {
            output = &mut main => break output,
            () = &mut reading, if !all_read => all_read = true,
        }
    };
    if !all_read {
        let _ = timeout(DRAIN_GRACE, reading).await;
    }
    output
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::Stdio;

    use tokio::io::AsyncReadExt as _;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    /// Reading to the end of the pipe proves that no process of the group holds it any more.
    async fn read_to_end(pipe: &mut ChildStdout) -> String {
        let mut text = String::new();
        let read = timeout(Duration::from_secs(10), pipe.read_to_string(&mut text)).await;
        read.expect("a process still holds the pipe").unwrap();
        text
    }

    async fn first_byte(pipe: &mut ChildStdout) {
        pipe.read_u8().await.unwrap();
    }

    #[tokio::test]
    async fn a_dropped_group_takes_its_children_with_it() {
        let mut group = Group::spawn(shell("sleep 600 & echo x; wait")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        drop(group);
        read_to_end(&mut pipe).await;
    }

    #[tokio::test]
    async fn children_left_behind_are_killed_when_the_leader_ends() {
        let mut group = Group::spawn(shell("sleep 600 & echo x")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        assert!(group.wait().await.unwrap().success());
        assert_eq!(read_to_end(&mut pipe).await, "x\n");
    }

    #[tokio::test]
    async fn a_group_that_ignores_the_request_is_killed() {
        use std::os::unix::process::ExitStatusExt as _;
        let mut group = Group::spawn(shell("trap '' TERM; echo x; while :; do sleep 600; done")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        let status = group.stop(Duration::from_millis(50)).await.unwrap();
        assert_eq!(status.signal(), Some(signal_hook::consts::SIGKILL));
        read_to_end(&mut pipe).await;
    }

    #[tokio::test]
    async fn a_group_that_ends_when_asked_is_not_killed() {
        let mut group = Group::spawn(shell("trap 'exit 7' TERM; echo x; while :; do sleep 0.01; done")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        let status = group.stop(Duration::from_secs(10)).await.unwrap();
        assert_eq!(status.code(), Some(7));
    }
}
