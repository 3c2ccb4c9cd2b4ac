//! Starts the program as a server or a client, talks to it through pipes, and waits for what it prints. Nothing sleeps.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

use std::{
    io::{BufRead as _, BufReader, Read, Write as _},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

/// Long enough for a slow machine under load; a passing test never waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that runs until it is told to end. Dropping it ends it.
pub(crate) struct Running {
    child: Child,
    lines: Option<Receiver<String>>,
    /// The program's standard error, once it has ended.
    errors: Receiver<Vec<u8>>,
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
    for name in ["RTWS_ROOT", "RTWS_HOME", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command
}

/// Runs `rtws` to its end with `input` on its standard input.
#[track_caller]
pub(crate) fn rtws(args: &[&str], input: &str) -> Output {
    let mut command = command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
    // It may end without having read everything.
    thread::spawn(move || stdin.write_all(input.as_bytes()));
    let stdout = read_to_end(child.stdout.take().unwrap());
    let stderr = read_to_end(child.stderr.take().unwrap());
    let (Ok(stdout), Ok(stderr)) = (stdout.recv_timeout(PATIENCE), stderr.recv_timeout(PATIENCE)) else {
        let _ = child.kill();
        panic!("`rtws {}` goes on and on", args.join(" "));
    };
    Output { status: child.wait().unwrap(), stdout, stderr }
}

/// Everything from a pipe, once its other end is closed.
fn read_to_end(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, whole) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    whole
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
        let errors = read_to_end(child.stderr.take().unwrap());
        let mut running = Self { child, lines: None, errors, seen: Vec::new() };
        running.read_lines();
        running
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    fn read_lines(&mut self) {
        let stdout = BufReader::new(self.child.stdout.take().unwrap());
        // Only one line waits, so that a test which stops asking also stops reading.
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

    /// Closes our end of its standard output, like a reader that ends. The reading thread stops at the next line.
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
        let Ok(errors) = self.errors.recv_timeout(PATIENCE) else {
            panic!("it goes on and on\n{}", self.seen.join("\n"));
        };
        let status = self.child.wait().unwrap();
        Ended { status, errors: String::from_utf8(errors).unwrap(), after: started.elapsed() }
    }

    /// Its standard error, if it has ended.
    pub(crate) fn said(&self) -> String {
        self.errors.try_recv().map(|errors| String::from_utf8_lossy(&errors).into_owned()).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
