//! The process between `rtws` and a program that it starts.
//!
//! It outlives both, which neither can do for the other: it adopts processes that the program leaves behind, and it
//! notices when `rtws` is killed. Standard input is a socket that connects it to `rtws`: a byte asks the program to
//! end, and the end of the stream ends everything at once. It sends back two lines of JSON: which process leads the
//! group, and how it ended.

use std::{
    ffi::OsString,
    io::{self, Write as _},
    os::{fd::AsFd as _, unix::net, unix::process::ExitStatusExt as _},
    process::{ExitCode, ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use tokio::{
    io::AsyncReadExt as _,
    net::UnixStream,
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
    time::{MissedTickBehavior, interval},
};

use super::descendants;

/// The byte that asks the program to end.
pub(super) const ASK_TO_END: u8 = b'e';

/// How often processes are counted.
const COUNTING: Duration = Duration::from_millis(100);

/// A message about a supervised program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// It runs as this process, which leads the group.
    Started(i32),
    /// It exited with this code.
    Exited(i32),
    /// This signal ended it.
    Signalled(i32),
    /// We ended it, because it had more than this many processes.
    TooManyProcesses(usize),
    /// It was not started: the system's error code and message.
    NotStarted { code: Option<i32>, message: String },
}

/// The first argument of a program that is started to supervise.
const ASKED: &str = "supervise-for-judge";

/// The program to supervise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Supervised {
    /// The program and its arguments.
    pub(super) command: Vec<OsString>,
    /// Its standard input stays open until it is asked to end; otherwise it is empty.
    pub(super) input_until_asked: bool,
    /// How many processes it may have, itself included. If limited, processes that left the group count, and are ended
    /// as well. Without a limit they are not: a build may start servers that stay.
    pub(super) most_processes: Option<usize>,
}

impl Supervised {
    /// The command-line arguments that ask for this.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let most = self.most_processes.map_or_else(|| "-".to_owned(), |most| most.to_string());
        let input = if self.input_until_asked { "until-asked" } else { "-" };
        let options = [ASKED, &most, input].map(OsString::from);
        options.into_iter().chain(self.command.iter().cloned()).collect()
    }

    fn asked_for(mut arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        if arguments.next()? != ASKED {
            return None;
        }
        let most_processes = arguments.next()?.to_str()?.parse().ok();
        let input_until_asked = arguments.next()? == "until-asked";
        Some(Self { command: arguments.collect(), input_until_asked, most_processes })
    }
}

/// Supervises, if this program was started for that.
pub(super) fn if_asked() -> Option<ExitCode> {
    let supervised = Supervised::asked_for(std::env::args_os().skip(1))?;
    // The connection breaks, and the program at the other end reports it.
    Some(supervise(&supervised).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS))
}

/// Runs a program, ends everything that it leaves behind, and reports on the socket how it ended.
fn supervise(supervised: &Supervised) -> io::Result<()> {
    if supervised.most_processes.is_some() {
        descendants::adopt_orphans();
    }
    let line = net::UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let end = runtime.block_on(run(supervised, line.try_clone()?))?;
    descendants::end_all();
    line.set_nonblocking(false)?;
    tell(&line, &end)
}

fn tell(mut line: &net::UnixStream, told: &Told) -> io::Result<()> {
    let mut text = serde_json::to_vec(told)?;
    text.push(b'\n');
    line.write_all(&text)
}

async fn run(supervised: &Supervised, line: net::UnixStream) -> io::Result<Told> {
    let mut leader = match start(supervised) {
        Ok(leader) => leader,
        Err(error) => return Ok(Told::NotStarted { code: error.raw_os_error(), message: error.to_string() }),
    };
    // Waiting for a child closes its standard input, unless somebody else holds it.
    let mut input = leader.stdin.take();
    let group = leader.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(group) = group {
        // If the other end is gone already, that is noticed below.
        let _ = tell(&line, &Told::Started(group.as_raw_pid()));
    }
    line.set_nonblocking(true)?;
    let mut line = UnixStream::from_std(line)?;
    let asked_to_end = asked_to_end()?;
    tokio::pin!(asked_to_end);
    let mut counting = interval(COUNTING);
    counting.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            status = leader.wait() => {
                end_group(group, Signal::KILL);
                return status.map(how);
            }
            asked = line.read_u8() => match asked {
                Ok(_) => {
                    drop(input.take());
                    end_group(group, Signal::TERM);
                }
                Err(_) => break,
            },
            () = &mut asked_to_end => break,
            _ = counting.tick() => {
                let most = supervised.most_processes.unwrap_or(usize::MAX);
                if most < usize::MAX && descendants::descendants().len() > most {
                    kill(&mut leader, group);
                    return Ok(Told::TooManyProcesses(most));
                }
            }
        }
    }
    kill(&mut leader, group);
    leader.wait().await.map(how)
}

/// Completes when a signal arrives that ends programs.
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = hung_up.recv() => {}
            _ = interrupted.recv() => {}
            _ = quit.recv() => {}
        }
    })
}

/// Kills the group, and the leader separately, which may have moved to another group.
fn kill(leader: &mut Child, group: Option<Pid>) {
    end_group(group, Signal::KILL);
    // It may be gone already, which is fine.
    let _ = leader.start_kill();
}

fn start(supervised: &Supervised) -> io::Result<Child> {
    let (name, arguments) = (supervised.command.split_first())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "there is no program to start"))?;
    let stdin = if supervised.input_until_asked { Stdio::piped() } else { Stdio::null() };
    Command::new(name).args(arguments).stdin(stdin).process_group(0).spawn()
}

fn end_group(group: Option<Pid>, signal: Signal) {
    if let Some(group) = group {
        // It may be gone already, which is fine.
        let _ = kill_process_group(group, signal);
    }
}

fn how(status: ExitStatus) -> Told {
    match (status.code(), status.signal()) {
        (Some(code), _) => Told::Exited(code),
        (None, signal) => Told::Signalled(signal.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_to_supervise_is_recognised_and_nothing_else_is_taken_for_one() {
        let command = vec!["sh".into(), "-c".into()];
        for (input_until_asked, most_processes) in [(true, Some(7)), (false, None)] {
            let supervised = Supervised { command: command.clone(), input_until_asked, most_processes };
            assert_eq!(Supervised::asked_for(supervised.arguments().into_iter()), Some(supervised));
        }
        assert_eq!(Supervised::asked_for(["greet".into()].into_iter()), None);
    }
}
