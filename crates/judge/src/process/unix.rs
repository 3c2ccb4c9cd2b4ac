//! Our end of a supervised group.

use std::{env, io, os::fd::OwnedFd, os::unix::net, path::PathBuf, process::Stdio, sync::OnceLock, time::Duration};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
    process::{Child, ChildStderr, ChildStdout, Command},
    time::timeout,
};
use tracing::warn;

use super::{
    Input, Program, descendants,
    supervisor::{ASK_TO_END, Supervised, Told},
};
use crate::outcome::Ended;

/// A process group, its leader, and the supervisor that watches over them. Dropping it kills the whole group.
#[derive(Debug)]
pub(crate) struct Group {
    supervisor: Child,
    /// The supervisor reports on it how the leader ended. When it breaks, the supervisor ends everything.
    line: UnixStream,
    heard: Vec<u8>,
}

impl Group {
    /// Starts `program` as the leader of a new group.
    pub(crate) fn spawn(program: &Program) -> io::Result<Self> {
        let (ours, theirs) = net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut command = supervised(program);
        command.stdin(OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::piped());
        let supervisor = command.spawn()?;
        Ok(Self { supervisor, line: UnixStream::from_std(ours)?, heard: Vec::new() })
    }

    pub(crate) fn take_stdout(&mut self) -> io::Result<ChildStdout> {
        self.supervisor.stdout.take().ok_or_else(|| io::Error::other("standard output is not a pipe"))
    }

    pub(crate) fn take_stderr(&mut self) -> io::Result<ChildStderr> {
        self.supervisor.stderr.take().ok_or_else(|| io::Error::other("standard error is not a pipe"))
    }

    /// Waits for the leader, and until every process that it left behind is gone. Dropping the future loses nothing.
    pub(crate) async fn wait(&mut self) -> io::Result<Ended> {
        while self.hear().await? > 0 {}
        let status = self.supervisor.wait().await?;
        let mut lines = self.heard.split(|byte| *byte == b'\n');
        let told = lines.rfind(|line| !line.is_empty()).and_then(|line| serde_json::from_slice(line).ok());
        match told {
            Some(Told::Exited(code)) => Ok(Ended::Exited(code)),
            Some(Told::Signalled(signal)) => Ok(Ended::signalled(signal)),
            Some(Told::TooManyProcesses(most)) => Ok(Ended::TooManyProcesses(most)),
            Some(Told::NotStarted { code: Some(code), .. }) => Err(io::Error::from_raw_os_error(code)),
            Some(Told::NotStarted { code: None, message }) => Err(io::Error::other(message)),
            Some(Told::Started(leader)) => {
                warn!(leader, %status, "a supervisor ended before its group, which is killed from here");
                kill_group(leader);
                Err(io::Error::other(format!("the process that watches over it ended too early ({status})")))
            }
            None => Err(io::Error::other(format!("the process that watches over it did not start it ({status})"))),
        }
    }

    /// A supervisor that ends without reading our request resets the connection, after its own messages.
    async fn hear(&mut self) -> io::Result<usize> {
        match self.line.read_buf(&mut self.heard).await {
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(0),
            read => read,
        }
    }

    /// Asks the group to end, and kills it after `grace`.
    pub(crate) async fn stop(&mut self, grace: Duration) -> io::Result<Ended> {
        // The supervisor may have ended already, which is fine.
        let _ = self.line.write_all(&[ASK_TO_END]).await;
        if let Ok(ended) = timeout(grace, self.wait()).await {
            return ended;
        }
        warn!(?grace, "a process group that was asked to end did not, and is killed");
        let _ = self.line.shutdown().await;
        self.wake();
        if let Ok(ended) = timeout(grace, self.wait()).await {
            return ended;
        }
        // The supervisor itself is being stopped, again and again. We have to end its processes, and before it is gone:
        // after that, nothing shows which ones came from it.
        if let Some(supervisor) = self.id() {
            warn!(?supervisor, "a supervisor does not do its work; its processes are killed from here");
            // It must not continue half-way through.
            let _ = kill_process(supervisor, Signal::STOP);
            tokio::task::spawn_blocking(move || descendants::end_below(supervisor)).await?;
        }
        let _ = self.supervisor.start_kill();
        self.wait().await
    }

    /// Continues a supervisor that was stopped by its own processes. When we are killed, the system does the same,
    /// because the stopped group is then orphaned.
    fn wake(&self) {
        if let Some(supervisor) = self.id() {
            // It may have ended by now.
            let _ = kill_process(supervisor, Signal::CONT);
        }
    }

    /// The process of the supervisor, unless it has ended.
    fn id(&self) -> Option<Pid> {
        self.supervisor.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.wake();
    }
}

/// Ends the group for a supervisor that was killed. For as long as a process of the group lives, no other gets its id.
fn kill_group(leader: i32) {
    if let Some(leader) = Pid::from_raw(leader) {
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

/// The command that starts the supervisor, which starts `program`.
fn supervised(program: &Program) -> Command {
    let supervised = Supervised {
        command: [program.name.clone()].into_iter().chain(program.arguments.iter().cloned()).collect(),
        input_until_asked: program.stdin == Input::EndWhenAsked,
        most_processes: program.most_processes,
    };
    let mut command = Command::new(this_program());
    command.args(supervised.arguments()).current_dir(&program.folder);
    if program.clear_environment {
        command.env_clear();
    }
    for (name, value) in &program.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // Signals of the terminal to the foreground group are not for this process.
    command.process_group(0);
    command
}

/// The program that [`stand_in`] names.
static STAND_IN: OnceLock<PathBuf> = OnceLock::new();

pub(super) fn stand_in(program: PathBuf) {
    // All callers in a process name the same program.
    let _ = STAND_IN.set(program);
}

/// The file of the running program; on Linux even if a new build has replaced it.
fn this_program() -> PathBuf {
    if let Some(program) = STAND_IN.get() {
        return program.clone();
    }
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return running;
    }
    env::current_exe().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    fn shell(script: &str) -> Program {
        // A test is in `deps`, and the program that stands in for it is beside that folder.
        let test = env::current_exe().unwrap();
        stand_in(test.ancestors().nth(2).unwrap().join("judge-supervisor"));
        Program {
            name: "sh".into(),
            arguments: vec!["-c".into(), script.into()],
            folder: env::temp_dir(),
            environment: Vec::new(),
            clear_environment: false,
            stdin: Input::Nothing,
            most_processes: None,
        }
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
        let mut group = Group::spawn(&shell("sleep 600 & echo x; wait")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        drop(group);
        read_to_end(&mut pipe).await;
    }

    #[tokio::test]
    async fn children_left_behind_are_killed_when_the_leader_ends() {
        let mut group = Group::spawn(&shell("sleep 600 & echo x")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        assert_eq!(group.wait().await.unwrap(), Ended::Exited(0));
        assert_eq!(read_to_end(&mut pipe).await, "x\n");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn children_in_their_own_sessions_are_killed_as_well() {
        let confined = Program { most_processes: Some(8), ..shell("setsid sh -c 'setsid sleep 600 & echo x'") };
        let mut group = Group::spawn(&confined).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        assert_eq!(group.wait().await.unwrap(), Ended::Exited(0));
        assert_eq!(read_to_end(&mut pipe).await, "x\n");
    }

    #[tokio::test]
    async fn a_group_that_ignores_the_request_is_killed() {
        let mut group = Group::spawn(&shell("trap '' TERM; echo x; while :; do sleep 600; done")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        let ended = group.stop(Duration::from_millis(50)).await.unwrap();
        assert_eq!(ended, Ended::Signalled("SIGKILL".into()));
        read_to_end(&mut pipe).await;
    }

    #[tokio::test]
    async fn a_group_that_ends_when_asked_is_not_killed() {
        let mut group = Group::spawn(&shell("trap 'exit 7' TERM; echo x; while :; do sleep 0.01; done")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        assert_eq!(group.stop(Duration::from_secs(10)).await.unwrap(), Ended::Exited(7));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_supervisor_that_is_killed_leaves_its_group_to_us() {
        let mut group = Group::spawn(&shell("sleep 600 & echo x; wait")).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        assert!(group.hear().await.unwrap() > 0, "it says who leads the group");
        let supervisor = Pid::from_raw(group.supervisor.id().unwrap().try_into().unwrap()).unwrap();
        rustix::process::kill_process(supervisor, Signal::KILL).unwrap();
        let error = group.wait().await.unwrap_err();
        assert!(error.to_string().contains("too early"), "{error}");
        read_to_end(&mut pipe).await;
    }

    /// A program that stops its supervisor, once or repeatedly, and has a child in another session.
    #[cfg(target_os = "linux")]
    fn stopper(stop: &str) -> Program {
        Program { most_processes: Some(20), ..shell(&format!("setsid -f sleep 600; {stop}; sleep 600 & echo x; wait")) }
    }

    #[cfg(target_os = "linux")]
    const STOPS: [&str; 2] = ["kill -STOP $PPID", "(while :; do kill -STOP $PPID; done) & kill -STOP $PPID"];

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_supervisor_that_is_stopped_keeps_nothing_alive() {
        for stop in STOPS {
            let mut group = Group::spawn(&stopper(stop)).unwrap();
            let mut pipe = group.take_stdout().unwrap();
            first_byte(&mut pipe).await;
            // However the end is reported, there is one.
            let stopped = timeout(Duration::from_secs(10), group.stop(Duration::from_millis(50))).await;
            let _ = stopped.expect("the end of the group hangs on what it does itself");
            read_to_end(&mut pipe).await;
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_dropped_group_ends_although_it_has_stopped_its_supervisor() {
        let mut group = Group::spawn(&stopper(STOPS[0])).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        first_byte(&mut pipe).await;
        drop(group);
        read_to_end(&mut pipe).await;
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn processes_that_have_ended_do_not_count() {
        let script = "for i in 1 2 3 4 5 6 7 8 9; do setsid -f true; done; sleep 0.3; exit 7";
        let many = Program { most_processes: Some(8), ..shell(script) };
        assert_eq!(Group::spawn(&many).unwrap().wait().await.unwrap(), Ended::Exited(7));
    }

    #[tokio::test]
    async fn standard_input_ends_at_once_or_when_asked() {
        let mut at_once = Group::spawn(&shell("cat; echo x")).unwrap();
        assert_eq!(at_once.wait().await.unwrap(), Ended::Exited(0));

        let reader = Program { stdin: Input::EndWhenAsked, ..shell("trap '' TERM; echo x; cat; exit 7") };
        let mut group = Group::spawn(&reader).unwrap();
        first_byte(&mut group.take_stdout().unwrap()).await;
        assert_eq!(group.stop(Duration::from_secs(10)).await.unwrap(), Ended::Exited(7));
    }

    #[tokio::test]
    async fn a_missing_program_is_told_by_the_kind_of_the_error() {
        let missing = Program { name: "no-such-program".into(), ..shell("") };
        let error = Group::spawn(&missing).unwrap().wait().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_group_of_too_many_processes_is_ended_whole() {
        let many =
            Program { most_processes: Some(8), ..shell("for i in 1 2 3 4 5 6 7 8 9; do sleep 600 & done; wait") };
        let mut group = Group::spawn(&many).unwrap();
        let mut pipe = group.take_stdout().unwrap();
        assert_eq!(group.wait().await.unwrap(), Ended::TooManyProcesses(8));
        read_to_end(&mut pipe).await;
    }
}
