//! Sorts what cargo prints: messages as JSON on standard output, words for people on standard error.

use std::{path::PathBuf, time::Duration};

use tokio::{io::AsyncRead, sync::Notify};

use super::sources::{ANSWER, LINKED};
use crate::{BuildError, OnProgress, Progress, diagnostics::Message, lines::Lines, output::Kept};

/// A file that cargo has made.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) file: PathBuf,
    /// The manifest of its package.
    pub(super) manifest: PathBuf,
}

/// The contents of cargo's messages.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// All libraries, including those that were built before.
    pub(super) libraries: Vec<Library>,
    /// The command that compiled the last program, in words.
    pub(super) command: Option<Vec<String>>,
    linker: Option<String>,
    broken: Option<(String, String)>,
}

impl Findings {
    pub(super) async fn collect(&mut self, mut messages: Lines<impl AsyncRead + Unpin>, stirred: &Notify) {
        while let Some(line) = messages.next().await {
            stirred.notify_one();
            if let Ok(message) = serde_json::from_str(&line) {
                self.add(message);
            }
        }
    }

    fn add(&mut self, message: Message) {
        match message {
            Message::Artifact(artifact) => {
                let (manifest, files) = artifact.libraries();
                self.libraries.extend(files.map(|file| Library { file, manifest: manifest.clone() }));
            }
            Message::Diagnostic(diagnostic) if diagnostic.message.is_error() => {
                let text = || diagnostic.message.rendered.clone().unwrap_or_default();
                if diagnostic.message.is_from_linker() {
                    self.linker.get_or_insert_with(text);
                } else {
                    self.broken.get_or_insert_with(|| (diagnostic.target.name.clone(), text()));
                }
            }
            Message::Diagnostic(_) | Message::Other => {}
        }
    }

    /// Why there is nothing to link, if a message tells.
    pub(super) fn error(&self) -> Option<BuildError> {
        if let Some(text) = &self.linker {
            return Some(BuildError::Linker(text.clone()));
        }
        self.broken.as_ref().map(|(name, text)| match name.as_str() {
            ANSWER => BuildError::OtherVersion(text.clone()),
            _ => BuildError::OtherCrate { name: name.clone(), text: text.clone() },
        })
    }
}

/// Cargo's output for people on standard error.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) error: Kept,
    /// The command that compiled the last program, in words.
    pub(super) command: Option<Vec<String>>,
    has_error: bool,
    latest: Option<Progress>,
}

impl Said {
    pub(super) async fn collect(
        &mut self,
        mut lines: Lines<impl AsyncRead + Unpin>,
        on_progress: OnProgress<'_>,
        stirred: &Notify,
    ) {
        while let Some(line) = lines.next().await {
            stirred.notify_one();
            if let Some(progress) = progress_in(&line) {
                self.latest = Some(progress.clone());
                on_progress(progress);
            }
            self.command = command_in(&line).or(self.command.take());
            self.has_error |= line.starts_with("error");
            if self.has_error {
                self.error.push_line(&line);
            }
        }
    }

    pub(super) fn silent_too_long(&self, silence: Duration) -> BuildError {
        match &self.latest {
            Some(Progress::WaitingForBuildLock) => BuildError::Locked(silence),
            Some(Progress::Compiling(name)) => BuildError::TimedOut { name: name.clone(), silence },
            Some(Progress::Downloading | Progress::Running) | None => {
                BuildError::TimedOut { name: "the workshop".into(), silence }
            }
        }
    }
}

fn progress_in(line: &str) -> Option<Progress> {
    let mut words = line.split_whitespace();
    match words.next()? {
        // These packages are ours: names that nobody knows would be no help.
        "Compiling" => words.next().map(|name| {
            let is_ours = [ANSWER, LINKED].iter().any(|ours| name.starts_with(&format!("{ours}-")));
            Progress::Compiling(if is_ours { "the libraries".into() } else { name.into() })
        }),
        "Blocking" => Some(Progress::WaitingForBuildLock),
        "Updating" | "Downloading" | "Downloaded" => Some(Progress::Downloading),
        _ => None,
    }
}

/// The words of the command that compiles the program, which cargo prints in shell syntax.
fn command_in(line: &str) -> Option<Vec<String>> {
    let command = line.trim_start().strip_prefix("Running `")?.strip_suffix('`')?;
    let words = shell_words::split(command).ok()?;
    let is_answer = words.windows(2).any(|pair| pair[0] == "--crate-name" && pair[1] == ANSWER);
    is_answer.then_some(words)
}

/// Cargo has no codes for its own errors, so its wording is all there is to go by.
pub(super) fn cargos_own_error(text: String) -> BuildError {
    let says = |any: &[&str]| any.iter().any(|part| text.contains(part));
    if says(&["failed to download", "failed to get `", "network error", "offline"]) {
        return BuildError::Download(text);
    }
    if says(&["manifest", "Cargo.toml", "package ID specification"]) {
        return BuildError::Manifest(text);
    }
    BuildError::Other(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_from_cargos_status_lines() {
        let compiling = progress_in("   Compiling rooms v0.1.0 (/somewhere/crates/rooms)");
        assert_eq!(compiling, Some(Progress::Compiling("rooms".into())));
        assert_eq!(
            progress_in("   Compiling linked-0f v0.0.0 (/x)"),
            Some(Progress::Compiling("the libraries".into()))
        );
        let waiting = progress_in("    Blocking waiting for file lock on build directory");
        assert_eq!(waiting, Some(Progress::WaitingForBuildLock));
        assert_eq!(progress_in("  Downloaded bytes v1.0.0"), Some(Progress::Downloading));
        assert_eq!(progress_in("    Finished `test` profile"), None);
    }

    #[tokio::test]
    async fn only_the_text_from_the_first_error_on_is_kept_for_the_message() {
        let mut said = Said::default();
        let lines = Lines::new(&b"   Compiling a v1\nerror: bad\n\nCaused by:\n  x\n"[..], 100);
        said.collect(lines, &|_| {}, &Notify::new()).await;
        assert_eq!(said.error.text(), "error: bad\n\nCaused by:\n  x\n");
    }

    #[test]
    fn waiting_for_another_cargo_is_not_blamed_on_a_crate() {
        let said = Said { latest: Some(Progress::WaitingForBuildLock), ..Said::default() };
        let error = said.silent_too_long(Duration::from_secs(9));
        assert!(matches!(error, BuildError::Locked(_)));
    }

    #[test]
    fn the_command_is_read_as_a_shell_reads_it() {
        let line = "     Running `/a/rustc --crate-name answer 'a b' --x`";
        assert_eq!(command_in(line).unwrap(), ["/a/rustc", "--crate-name", "answer", "a b", "--x"]);
        assert_eq!(command_in("     Running `/a/rustc --crate-name rooms`"), None);
    }
}
