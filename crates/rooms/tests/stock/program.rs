//! Client programs: started, bounded in time, and read.

use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// Long enough for a slow machine under load; a passing test never waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that runs. Dropping it ends it.
pub(crate) struct Program {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let lines = lines(child.stdout.take().unwrap());
        let errors = everything(child.stderr.take().unwrap());
        Self { child, lines, errors }
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            // Its errors end when it does.
            let _ = self.child.kill();
            let errors = self.errors.recv_timeout(PATIENCE).unwrap_or_default();
            panic!("the program printed nothing within {PATIENCE:?}, or ended without output; it said:\n{errors}")
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The results of a client program at a server in one scenario.
pub(crate) fn seen(mut command: Command, scenario: &str, server: SocketAddr) -> Value {
    let line = Program::start(command.args([scenario, &format!("http://{server}")])).line();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
}

/// A file or folder beside this one.
pub(crate) fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stock").join(path)
}

/// A file that `install` has put below cargo's target folder, or that an environment variable names instead.
pub(crate) fn installed(variable: &str, path: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is below the target folder");
    let default = || target.join("stock").join(path);
    let program = std::env::var_os(variable).map_or_else(default, PathBuf::from);
    let install = beside("install");
    let (file, install) = (program.display(), install.display());
    assert!(program.exists(), "there is no {file}: run {install}, or let {variable} name another");
    program
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || BufReader::new(pipe).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    lines
}

fn everything(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, whole) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    whole
}
