//! Starts the program as a server or a client, talks to it through pipes, and waits for what it prints. Nothing sleeps.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// Long enough for a slow machine under load; a passing test never waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that goes on until it is told to end. Dropping it ends it.
pub(crate) struct Running {
    child: Child,
    lines: Option<Receiver<String>>,
    /// What the program said on standard error, once it has ended.
    errors: Receiver<String>,
    seen: Vec<String>,
}

/// How a program ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) errors: String,
    /// From the call that waited for it.
    pub(crate) after: Duration,
}

/// The program `rtws` with these arguments, in the workshop's folder.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtws"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["RTWS_ROOT", "RTWS_HOME", "NO_COLOR"] {
        command.env_remove(name);
    }
    command
}

/// Runs `rtws` to its end with `input` on its standard input.
pub(crate) fn rtws(args: &[&str], input: &str) -> Output {
    let mut command = command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // It may end without having read everything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Asserts how a program ended, and shows what it said if it ended otherwise.
#[track_caller]
pub(crate) fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(output), stderr(output));
}

/// `rtws serve` on a free port, and its address as `127.0.0.1:port`.
pub(crate) fn serve(args: &[&str]) -> (Running, String) {
    let mut server = Running::start(command(&[&["serve", "--addr", "127.0.0.1:0"], args].concat()));
    let first = server.line();
    let address = match first.strip_prefix("listening on http://") {
        Some(address) => address.to_owned(),
        None => serde_json::from_str::<serde_json::Value>(&first).unwrap()["address"].as_str().unwrap().to_owned(),
    };
    (server, address)
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stderr = child.stderr.take().unwrap();
        let (ended, errors) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            let _ = ended.send(text);
        });
        let mut running = Self { child, lines: None, errors, seen: Vec::new() };
        running.read_lines();
        running
    }

    fn read_lines(&mut self) {
        let stdout = BufReader::new(self.child.stdout.take().unwrap());
        // One line waits, so that whoever stops asking also stops reading.
        let (sender, lines) = mpsc::sync_channel(0);
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        self.lines = Some(lines);
    }

    /// The next line of its standard output.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        match self.lines.as_ref().expect("its output is open").recv_timeout(PATIENCE) {
            Ok(line) => {
                self.seen.push(line.clone());
                line
            }
            Err(why) => panic!("waited for a line: {why}\n{}\n{}", self.seen.join("\n"), self.said()),
        }
    }

    /// The next line that contains `text`.
    #[track_caller]
    pub(crate) fn line_with(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let line = self.line();
            if line.contains(text) {
                return line;
            }
        }
        panic!("waited for a line with {text:?}\n{}", self.seen.join("\n"));
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("its input is open");
        writeln!(stdin, "{line}").unwrap();
    }

    /// Closes our end of its standard output, as a reader does that ends. The thread that reads lets go with the next
    /// line.
    pub(crate) fn close_stdout(&mut self) {
        self.lines = None;
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> Ended {
        let started = Instant::now();
        let errors = match self.errors.recv_timeout(PATIENCE) {
            Ok(errors) => errors,
            Err(RecvTimeoutError::Timeout) => panic!("it goes on and on\n{}", self.seen.join("\n")),
            Err(RecvTimeoutError::Disconnected) => String::new(),
        };
        Ended { status: self.child.wait().unwrap(), errors, after: started.elapsed() }
    }

    /// The rest of its output, after its end.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        self.lines.take().map(|lines| lines.iter().collect()).unwrap_or_default()
    }

    fn said(&self) -> String {
        self.errors.try_recv().unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
