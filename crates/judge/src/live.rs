//! The learner's app, served live on a TCP port of this machine.

use std::{io, path::PathBuf, time::Duration};

use harness::LIVE;
use layout::CodeFile;
use serde::Deserialize;
use tokio::{
    io::AsyncRead,
    process::{ChildStderr, ChildStdout},
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::timeout,
};
use tracing::{debug, trace};

use super::{
    BuildError, CompilerText, OnProgress, Package, Workshop,
    compile::{Answer, Built, Subject, compile},
    library::Library,
    lines::Lines,
    outcome::{Ended, describe},
    output::Kept,
    play::MOST_PROCESSES,
    process::{Group, Input, Program, while_reading},
    source::{self, Unreadable},
};

/// The app asks the system for a free port, and prints which it got.
const ANY_PORT: &str = "127.0.0.1:0";
/// A record's payload is cut to 256 characters, so a longer line is the learner's own output.
const MAX_LINE: usize = 64 * 1024;
/// How many lines may wait for the screen before the app has to.
const WAITING_LINES: usize = 4096;

/// The learner's app while it serves. Dropping it ends the app.
#[derive(Debug)]
pub struct Live {
    /// Where it listens, such as `127.0.0.1:41234`.
    pub address: String,
    /// Its output, line by line: records as JSON, and the output of the learner's code. Closed when the app has ended.
    pub records: mpsc::Receiver<String>,
    stop: oneshot::Sender<()>,
    task: Task,
}

/// How a live app ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEnd {
    /// What happened; `None` if it ended because it was asked to.
    pub message: Option<String>,
    /// Its output on standard error.
    pub output: String,
}

/// Why the learner's app is not served.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// There is no program to start.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The file has no text.
    #[error("cannot read {}: {problem}\n{}", file.display(), problem.advice(exercise))]
    Unreadable {
        /// The exercise's file, as a path from the workshop's root.
        file: PathBuf,
        /// The exercise's id.
        exercise: String,
        /// Why the file has no text.
        problem: Unreadable,
    },
    /// The exercise does not compile.
    #[error("the exercise does not compile\n{}", .0.text)]
    DoesNotCompile(CompilerText),
    /// The compiler was stopped.
    #[error("the compiler did not finish with this code within {} s, and was stopped", .0.as_secs())]
    Endless(Duration),
    /// The program could not be started or waited for.
    #[error("the exercise was built, but could not be run: {0}\nSee that the disk is not full, and try again.")]
    Run(io::Error),
    /// The program ended before it listened.
    #[error("{0}")]
    Ended(String),
    /// The program runs, but does not listen.
    #[error("the program did not listen within {} s, and was stopped\nLook for blocking code in `app`.", .0.as_secs_f32())]
    Silent(Duration),
}

/// Builds `exercise` and serves its app. Dropping the future ends every process that it started.
///
/// # Errors
///
/// When there is no program, or it does not listen.
pub async fn live(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    on_progress: OnProgress<'_>,
) -> Result<Live, LiveError> {
    let file = CodeFile::of(exercise).path(package);
    let text = source::read(&workshop.layout.root().join(&file));
    let text =
        text.map_err(|problem| LiveError::Unreadable { file: file.clone(), exercise: exercise.to_owned(), problem })?;
    live_text(workshop, Subject { file: &file, exercise }, &text, on_progress).await
}

/// Builds `text` as if the subject's file contained it, and serves its app. Dropping the future ends every process that
/// it started.
///
/// # Errors
///
/// When there is no program, or it does not listen.
pub async fn live_text(
    workshop: &Workshop,
    subject: Subject<'_>,
    text: &str,
    on_progress: OnProgress<'_>,
) -> Result<Live, LiveError> {
    let library = Library::of(workshop, on_progress).await?;
    let answer = match compile(workshop, &library, subject, text, on_progress).await?.built {
        Built::Ready(answer) => answer,
        Built::Broken(errors) => return Err(LiveError::DoesNotCompile(errors)),
        Built::Endless(after) => return Err(LiveError::Endless(after)),
    };
    let app = App::start(workshop, answer).map_err(LiveError::Run)?;
    let (to_records, records) = mpsc::channel(WAITING_LINES);
    let (to_address, address) = oneshot::channel();
    let (stop, stopped) = oneshot::channel();
    let mut task = Task::new();
    task.spawn(app.serve(to_records, to_address, stopped, workshop.limits.grace));
    match timeout(workshop.limits.listen, address).await {
        Ok(Ok(address)) => Ok(Live { address, records, stop, task }),
        Err(_) => Err(LiveError::Silent(workshop.limits.listen)),
        Ok(Err(_)) => {
            let end = end_of(task).await.map_err(LiveError::Run)?;
            Err(LiveError::Ended(end.message.unwrap_or_else(|| "The program ended.".to_owned())))
        }
    }
}

impl Live {
    /// Ends the app, if it has not ended by itself, and says how it ended.
    pub async fn stop(self) -> io::Result<LiveEnd> {
        // Nobody reads them any more, and a full channel would hold up the end.
        drop(self.records);
        // The app may have ended already; then nobody is asked.
        let _ = self.stop.send(());
        end_of(self.task).await
    }
}

/// The one task that owns the app. A set, because that aborts its tasks when it is dropped.
type Task = JoinSet<io::Result<LiveEnd>>;

async fn end_of(mut task: Task) -> io::Result<LiveEnd> {
    match task.join_next().await {
        Some(Ok(end)) => end,
        _ => Err(io::Error::other("the task that serves the app ended")),
    }
}

struct App {
    group: Group,
    stdout: ChildStdout,
    stderr: ChildStderr,
    /// The program's file must stay for as long as it runs.
    _answer: Answer,
}

impl App {
    fn start(workshop: &Workshop, answer: Answer) -> io::Result<Self> {
        let program = Program {
            name: answer.program.clone().into(),
            arguments: Vec::new(),
            folder: workshop.layout.root().to_owned(),
            environment: vec![(LIVE.into(), Some(ANY_PORT.into())), ("RUST_BACKTRACE".into(), None)],
            clear_environment: false,
            stdin: Input::EndWhenAsked,
            most_processes: Some(MOST_PROCESSES),
        };
        let mut group = Group::spawn(&program)?;
        let (stdout, stderr) = (group.take_stdout()?, group.take_stderr()?);
        Ok(Self { group, stdout, stderr, _answer: answer })
    }

    async fn serve(
        mut self,
        records: mpsc::Sender<String>,
        address: oneshot::Sender<String>,
        stop: oneshot::Receiver<()>,
        grace: Duration,
    ) -> io::Result<LiveEnd> {
        let mut kept = Kept::default();
        let until_the_end = async {
            tokio::select! {
                ended = self.group.wait() => ended.map(Some),
                _ = stop => self.group.stop(grace).await.map(unless_by_us),
            }
        };
        let reading = async {
            tokio::join!(forward(self.stdout, records, address), kept.drain(self.stderr));
        };
        let ended = while_reading(until_the_end, reading).await?;
        let output = kept.text();
        let message = ended.map(|ended| describe(&ended, &output));
        Ok(LiveEnd { message, output })
    }
}

/// How the app ended; `None` if it ended because we asked. It may have ended by itself just before that.
fn unless_by_us(ended: Ended) -> Option<Ended> {
    let is_by_us = match &ended {
        Ended::Exited(code) => *code == 0 || cfg!(windows),
        Ended::Signalled(signal) => signal == "SIGTERM" || signal == "SIGKILL",
        Ended::TimedOut(_) => true,
        Ended::TooManyProcesses(_) => false,
    };
    (!is_by_us).then_some(ended)
}

/// Passes every line on, and the address from the first line that has it.
async fn forward(stdout: impl AsyncRead + Unpin, records: mpsc::Sender<String>, address: oneshot::Sender<String>) {
    let mut lines = Lines::new(stdout, MAX_LINE);
    let mut address = Some(address);
    while let Some(line) = lines.next().await {
        let found = address_in(&line).filter(|_| address.is_some());
        if let Some((address, found)) = found.and_then(|found| Some((address.take()?, found))) {
            // Nobody waits for it any more if the learner has left.
            if address.send(found).is_err() {
                debug!("an answer listens, and nobody waits for it any more");
            }
        }
        // Nobody reads before the address is known, so until then lines that do not fit are dropped. After that the app
        // waits for its reader; without one the lines are drained all the same, or the app would block on a full pipe.
        let sent = if address.is_some() { records.try_send(line).is_ok() } else { records.send(line).await.is_ok() };
        if !sent {
            trace!("a line of an answer is dropped");
        }
    }
}

fn address_in(line: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Listening {
        event: String,
        address: String,
    }
    let line: Listening = serde_json::from_str(line).ok()?;
    (line.event == "listening").then_some(line.address)
}
