//! One program that a section runs: its output goes to the section's log, and to the screen if it is of interest there.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result};
use thiserror::Error;

/// A program that has not been started yet. It gets no standard input.
pub(crate) struct Job<'a> {
    command: Command,
    log: &'a Path,
}

/// The output of a program, on both of its streams in the order of printing, and how it ended.
#[derive(Debug)]
#[must_use = "a program that failed is not an error until its caller says so"]
pub(crate) struct Printed {
    pub(crate) text: String,
    pub(crate) status: ExitStatus,
    line: String,
    view: View,
}

/// Where the output of a program goes, besides the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// To the screen and to the caller.
    Shown,
    /// To the caller.
    Hidden,
    /// To the caller, without standard error, on which programs report progress.
    Answer,
}

/// Something that does not hold, and the output that shows it, unless that was on the screen already.
#[derive(Debug, Error)]
#[error("{message}")]
pub(crate) struct Fault {
    message: String,
    pub(crate) evidence: Option<String>,
}

impl<'a> Job<'a> {
    pub(crate) fn new(program: impl AsRef<OsStr>, folder: &Path, log: &'a Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null());
        Self { command, log }
    }

    /// Arguments that contain no spaces, written as in a shell.
    pub(crate) fn words(self, words: &str) -> Self {
        self.args(words.split_whitespace())
    }

    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it in sight, and demands that it succeeds.
    pub(crate) fn check(self) -> Result<()> {
        let printed = self.shown()?;
        printed.passed().map(drop)
    }

    /// Runs it in sight. The caller judges how it ended.
    pub(crate) fn shown(self) -> Result<Printed> {
        self.run(View::Shown)
    }

    /// Runs it out of sight. The caller judges how it ended.
    pub(crate) fn hidden(self) -> Result<Printed> {
        self.run(View::Hidden)
    }

    /// The same, for a program whose standard output is for other programs to read.
    pub(crate) fn answer(self) -> Result<Printed> {
        self.run(View::Answer)
    }

    fn run(mut self, view: View) -> Result<Printed> {
        let line = self.line();
        let mut log = OpenOptions::new().create(true).append(true).open(self.log)?;
        writeln!(log, "$ {line}")?;
        // One pipe for both streams keeps their order.
        let (reader, writer) = io::pipe()?;
        match view {
            View::Shown | View::Hidden => self.command.stderr(writer.try_clone()?),
            View::Answer => self.command.stderr(log.try_clone()?),
        };
        self.command.stdout(writer);
        let mut child = self.command.spawn().with_context(|| format!("cannot start `{line}`"))?;
        // Our writing ends have to be dropped, or reading never ends.
        drop(self.command);
        let text = copy(BufReader::new(reader), &mut log, view)?;
        let status = child.wait()?;
        Ok(Printed { text, status, line, view })
    }

    /// The call as a person would type it.
    fn line(&self) -> String {
        let words = [self.command.get_program()].into_iter().chain(self.command.get_args());
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }
}

/// The beginning of a line that names hundreds of files.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 120;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line.to_owned(),
    }
}

/// Copies to the log and, if it is to be shown, to the screen, line by line as it comes.
fn copy(mut from: impl io::BufRead, log: &mut File, view: View) -> io::Result<String> {
    let mut text = Vec::new();
    let mut screen = io::stdout();
    loop {
        let start = text.len();
        if from.read_until(b'\n', &mut text)? == 0 {
            return Ok(String::from_utf8_lossy(&text).into_owned());
        }
        log.write_all(&text[start..])?;
        if view == View::Shown {
            screen.write_all(&text[start..])?;
        }
    }
}

impl Printed {
    /// Demands that the program succeeded.
    pub(crate) fn passed(self) -> Result<Self> {
        self.passed_or("a program failed")
    }

    /// Demands that the program succeeded. If it did not, the error says `what`.
    pub(crate) fn passed_or(self, what: &str) -> Result<Self> {
        if self.status.success() {
            return Ok(self);
        }
        Err(self.fault(format!("{what}: `{}`, {}", shortened(&self.line), self.status)))
    }

    /// An error that shows the output.
    pub(crate) fn fault(&self, message: impl Into<String>) -> anyhow::Error {
        let evidence = (self.view != View::Shown).then(|| self.text.clone());
        Fault { message: message.into(), evidence }.into()
    }
}

/// Variables that cargo sets for the program it runs. A program that is started by hand does not have them.
pub(crate) fn set_by_cargo() -> impl Iterator<Item = OsString> {
    std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "echo one; echo two >&2; echo three; exit 3";

    fn run(view: View) -> (Printed, String) {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let printed = Job::new("sh", folder.path(), &log).args(["-c", SCRIPT]).run(view).unwrap();
        (printed, std::fs::read_to_string(log).unwrap())
    }

    #[test]
    fn both_streams_are_kept_in_their_order_and_an_answer_is_standard_output_alone() {
        let (hidden, log) = run(View::Hidden);
        assert_eq!(hidden.text, "one\ntwo\nthree\n");
        assert_eq!(log, format!("$ sh -c {SCRIPT}\none\ntwo\nthree\n"));
        let (answer, log) = run(View::Answer);
        assert_eq!(answer.text, "one\nthree\n");
        assert!(log.contains("two\n"), "{log}");
    }

    #[test]
    fn a_program_that_failed_out_of_sight_shows_its_output() {
        let error = run(View::Hidden).0.passed_or("it counts badly").unwrap_err();
        let fault = error.downcast::<Fault>().unwrap();
        assert_eq!(fault.evidence.as_deref(), Some("one\ntwo\nthree\n"));
        assert_eq!(fault.message, format!("it counts badly: `sh -c {SCRIPT}`, exit status: 3"));
    }
}
