//! Compiles one answer.
//!
//! The compiler gets a copy of the text that was read: the file may change at any moment, and the verdict is about that
//! text. The copy is below a folder that looks like the workshop's root, so that the compiler names the file as the
//! learner does. On Unix, neighbouring files are found there as well.
//!
//! An answer is kept with its text, the libraries and the flags as its key. If its code includes other files (`mod`,
//! `include_str!`) or the environment (`env!`), these are not in the key, so it is compiled each time.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[cfg(unix)]
use layout::{LESSONS, Layout, folder};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tracing::{debug, warn};

use super::{
    BuildError, OnProgress, Progress, Workshop,
    diagnostics::{CompilerText, RustcMessage, for_learner},
    key::{Key, Parts},
    library::{Library, link_arguments, main_file},
    lines::{LONGEST_MESSAGE, Lines},
    outcome::Ended,
    output::Kept,
    process::{Group, Input, Program, while_reading},
    store,
};

/// How many answers of one library are kept.
const MOST_ANSWERS: usize = 100;
/// The main file, beside the folders of the workshop.
const MAIN: &str = "main.rs";
const PROGRAM: &str = "answer";
/// The application in the main file.
const APP: &str = "exercise::app";

/// The file of an answer, and the exercise that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The file, as a path from the workshop's root.
    pub file: &'a Path,
    /// The exercise's id.
    pub exercise: &'a str,
}

/// The result of compiling. If an answer does not compile, that is a result, not an error.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The key of everything that decided about it; `None` if the code may have included more than its text.
    pub(crate) key: Option<Key>,
    /// The program, or why there is none.
    pub(crate) built: Built,
}

#[derive(Debug)]
pub(crate) enum Built {
    /// There is a program.
    Ready(Answer),
    /// The code does not compile.
    Broken(CompilerText),
    /// The compiler was stopped after this time.
    Endless(Duration),
}

/// The program of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The file to run.
    pub(crate) program: PathBuf,
    /// The compiler's warnings.
    pub(crate) warnings: Option<CompilerText>,
    /// The folder of the program, if it is not kept.
    _work: Option<tempfile::TempDir>,
}

/// The record that is kept beside a program, or in place of one.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Found {
    errors: Option<CompilerText>,
    warnings: Option<CompilerText>,
    /// The size of the program in bytes: a full disk or a power cut leaves a shorter one.
    bytes: u64,
    /// Whether the result would be the same again: no file was missing, and the compiler and the linker finished.
    #[serde(skip)]
    is_lasting: bool,
}

impl Found {
    fn readable(mut self, library: &Library) -> Self {
        for text in [&mut self.errors, &mut self.warnings].into_iter().flatten() {
            text.text = library.readable(&text.text);
            text.likely = text.likely.as_ref().map(|likely| library.readable(likely));
        }
        self
    }
}

/// The key of an answer with this text.
pub(crate) fn key(library: &Library, subject: Subject<'_>, text: &str) -> Key {
    let parts = Parts::new("answer").with(env!("JUDGING_SOURCES")).with(library.key.as_str());
    parts.with(subject.file.as_os_str().as_encoded_bytes()).with(text).key()
}

/// Compiles `text` as the contents of the subject's file. Dropping the future ends the compiler.
pub(crate) async fn compile(
    workshop: &Workshop,
    library: &Library,
    subject: Subject<'_>,
    text: &str,
    on_progress: OnProgress<'_>,
) -> Result<Compiled, BuildError> {
    let key = key(library, subject, text);
    let answers = library.answers();
    let place = answers.join(key.as_str());
    if let Some(found) = read(&place) {
        return Ok(Compiled { key: Some(key), built: built(found, &place, None) });
    }
    on_progress(Progress::Compiling(subject.exercise.to_owned()));
    let failed = |source| BuildError::Store { path: workshop.store(), source };
    // Beside the kept ones, because a program finds its libraries relative to its own place.
    fs::create_dir_all(&answers).map_err(failed)?;
    let work = tempfile::Builder::new().prefix(".").tempdir_in(&answers).map_err(failed)?;
    lay_out(workshop, work.path(), subject, text).map_err(failed)?;
    let began = Instant::now();
    let compiler = Compiler::start(library, work.path())?;
    let found = compiler.run(workshop, subject).await?.map(|found| found.readable(library));
    let (exercise, ms) = (subject.exercise, began.elapsed().as_millis());
    let Some(found) = found else {
        warn!(exercise, ms, "the compiler was stopped");
        return Ok(Compiled { key: None, built: Built::Endless(workshop.limits.compile) });
    };
    debug!(exercise, ms, compiles = found.errors.is_none(), "compiled");
    if !found.is_lasting || !is_alone(work.path(), subject) {
        let place = work.path().to_owned();
        return Ok(Compiled { key: None, built: built(found, &place, Some(work)) });
    }
    keep(&found, work.path(), &place).map_err(failed)?;
    store::prune(&answers, MOST_ANSWERS, &place);
    store::clear_leftovers(&answers);
    Ok(Compiled { key: Some(key), built: built(found, &place, None) })
}

fn built(found: Found, place: &Path, work: Option<tempfile::TempDir>) -> Built {
    match found.errors {
        Some(errors) => Built::Broken(errors),
        None => Built::Ready(Answer { program: place.join(PROGRAM), warnings: found.warnings, _work: work }),
    }
}

fn read(place: &Path) -> Option<Found> {
    let found: Found = serde_json::from_slice(&fs::read(place.join("found.json")).ok()?).ok()?;
    store::touch(place);
    let is_whole = || fs::metadata(place.join(PROGRAM)).is_ok_and(|it| it.is_file() && it.len() == found.bytes);
    (found.errors.is_some() || is_whole()).then_some(found)
}

fn keep(found: &Found, work: &Path, place: &Path) -> io::Result<()> {
    let kept = work.join("kept");
    fs::create_dir(&kept)?;
    let bytes = if found.errors.is_none() { fs::metadata(work.join(PROGRAM))?.len() } else { 0 };
    fs::write(kept.join("found.json"), serde_json::to_vec(&Found { bytes, ..found.clone() })?)?;
    if found.errors.is_none() {
        fs::rename(work.join(PROGRAM), kept.join(PROGRAM))?;
    }
    store::keep(&kept, place, |place| read(place).is_some())
}

/// Puts the text where the workshop has the file, with everything else beside it and in the lessons.
fn lay_out(workshop: &Workshop, work: &Path, subject: Subject<'_>, text: &str) -> io::Result<()> {
    let file = work.join(subject.file);
    let beside = subject.file.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(work.join(beside))?;
    #[cfg(unix)]
    {
        let beside_it = folder::entries(&workshop.layout.root().join(beside)).unwrap_or_default();
        for entry in beside_it.iter().filter(|entry| entry.file_name() != subject.file.file_name()) {
            std::os::unix::fs::symlink(entry, work.join(beside).join(entry.file_name().unwrap_or_default()))?;
        }
        if !subject.file.starts_with(LESSONS) {
            std::os::unix::fs::symlink(workshop.layout.lessons(), Layout::at(work).lessons())?;
        }
    }
    fs::write(file, text)?;
    let exercise = format!("#[path = {:?}]\nmod exercise;", subject.file.to_string_lossy());
    fs::write(work.join(MAIN), main_file(&exercise, APP, subject.file))
}

/// Whether the code included nothing but its text, according to the compiler's list of inputs.
fn is_alone(work: &Path, subject: Subject<'_>) -> bool {
    // There is no list if the compiler could not read the code that far.
    let Ok(read) = fs::read_to_string(work.join("answer.d")) else { return false };
    let is_known = |file: &str| [Path::new(MAIN), subject.file].contains(&Path::new(file));
    // Each input file has its own line, in make's format; each variable has one that is a comment for make.
    read.lines().all(|line| match line.strip_suffix(':') {
        Some(file) => is_known(file),
        None => !line.starts_with("# env-dep:"),
    })
}

/// A running compiler.
struct Compiler {
    group: Group,
    rustc: OsString,
}

impl Compiler {
    fn start(library: &Library, work: &Path) -> Result<Self, BuildError> {
        let words = library.command.words(&library.folder);
        let (rustc, arguments) = words.split_first().ok_or_else(|| BuildError::Other("there is no compiler".into()))?;
        let mut arguments: Vec<_> = arguments.iter().map(Into::into).collect();
        arguments.extend([MAIN, "--emit=dep-info,link", "--error-format=json", "--cap-lints=warn"].map(Into::into));
        arguments.extend(["--out-dir".into(), work.into()]);
        arguments.extend(link_arguments().iter().map(Into::into));
        let program = Program {
            name: rustc.into(),
            arguments,
            folder: work.to_owned(),
            environment: without_cargo(),
            clear_environment: false,
            stdin: Input::Nothing,
            most_processes: None,
        };
        let rustc: OsString = rustc.into();
        let group = Group::spawn(&program).map_err(|source| BuildError::Rustc { rustc: rustc.clone(), source })?;
        Ok(Self { group, rustc })
    }

    /// The compiler's result; `None` if it did not finish.
    async fn run(mut self, workshop: &Workshop, subject: Subject<'_>) -> Result<Option<Found>, BuildError> {
        let rustc = self.rustc.clone();
        let failed = |source| BuildError::Rustc { rustc: rustc.clone(), source };
        let (stdout, stderr) = (self.group.take_stdout().map_err(failed)?, self.group.take_stderr().map_err(failed)?);
        let (mut printed, mut said) = (Kept::default(), Said::default());
        let reading = async {
            tokio::join!(printed.drain(stdout), said.collect(Lines::new(stderr, LONGEST_MESSAGE)));
        };
        let waiting = timeout(workshop.limits.compile, self.group.wait());
        let Ok(ended) = while_reading(waiting, reading).await else {
            self.group.stop(workshop.limits.grace).await.map_err(failed)?;
            return Ok(None);
        };
        Ok(Some(said.found(&ended.map_err(failed)?, subject)))
    }
}

/// Removes the variables that cargo sets for the programs that it runs: the verdict does not depend on which of them
/// runs this one.
fn without_cargo() -> Vec<(OsString, Option<OsString>)> {
    let of_cargo = |name: &OsString| name.as_encoded_bytes().starts_with(b"CARGO_") && name != "CARGO_HOME";
    std::env::vars_os().map(|(name, _)| name).filter(of_cargo).map(|name| (name, None)).collect()
}

/// The compiler's messages.
#[derive(Default)]
struct Said {
    messages: Vec<RustcMessage>,
    other: Kept,
}

impl Said {
    async fn collect(&mut self, mut lines: Lines<impl tokio::io::AsyncRead + Unpin>) {
        while let Some(line) = lines.next().await {
            match serde_json::from_str(&line) {
                Ok(message) => self.messages.push(message),
                Err(_) => self.other.push_line(&line),
            }
        }
    }

    fn found(self, ended: &Ended, subject: Subject<'_>) -> Found {
        let errors: Vec<_> = self.messages.iter().filter(|message| message.is_error()).collect();
        let mut warnings = self.messages.iter().filter(|message| message.is_warning()).peekable();
        if *ended == Ended::Exited(0) {
            let warnings = warnings.peek().is_some().then(|| for_learner(warnings, subject.file));
            return Found { errors: None, warnings, bytes: 0, is_lasting: true };
        }
        if errors.is_empty() {
            // This code made it crash, because it has compiled another before.
            let how = match ended {
                Ended::Signalled(signal) => signal.clone(),
                Ended::Exited(code) => format!("code {code}"),
                Ended::TimedOut(_) | Ended::TooManyProcesses(_) => "a stop".to_owned(),
            };
            let text = format!(
                "The compiler gave up on this code (it ended with {how}).\n\
                 Look for code that nests very deep, or for a value that is far too large.\n{}",
                self.other.text()
            );
            let errors = Some(CompilerText { text: text.trim_end().to_owned(), likely: None, location: None });
            return Found { errors, warnings: None, bytes: 0, is_lasting: false };
        }
        let is_lasting = !errors.iter().any(|error| error.is_about_a_missing_file() || error.is_from_linker());
        let mut text = for_learner(errors.into_iter(), subject.file);
        // Outside the learner's file, something else may be at fault.
        let is_lasting = is_lasting && text.location.is_some();
        if text.location.is_none() && text.text.contains(APP) {
            let file = subject.file.display();
            text.text = format!("{file} has to offer `pub fn app(io: &Io)`, and does not.\n\n{}", text.text);
        }
        Found { errors: Some(text), warnings: None, bytes: 0, is_lasting }
    }
}
