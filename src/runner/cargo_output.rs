//! Sorts what cargo prints: messages as JSON on standard output, words for people on standard error.

use std::{path::Path, time::Duration};

use tokio::{io::AsyncRead, sync::Notify};

use super::{
    BuildError, OnProgress, Package, Progress,
    compile::TestBinary,
    diagnostics::{Message, RustcMessage},
    lines::Lines,
    output::Kept,
};

/// What cargo's messages hold about one exercise.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) binary: Option<TestBinary>,
    pub(super) errors: Vec<RustcMessage>,
    pub(super) linker: Option<String>,
    pub(super) other_crate: Option<(String, String)>,
}

impl Findings {
    pub(super) async fn collect(
        &mut self,
        mut messages: Lines<impl AsyncRead + Unpin>,
        exercise: &str,
        stirred: &Notify,
    ) {
        while let Some(line) = messages.next().await {
            stirred.notify_one();
            if let Ok(message) = serde_json::from_str(&line) {
                self.add(message, exercise);
            }
        }
    }

    fn add(&mut self, message: Message, exercise: &str) {
        match message {
            Message::Artifact(artifact) if artifact.target.is_test(exercise) => {
                let folder = artifact.manifest_path.parent().map(Path::to_owned);
                self.binary =
                    artifact.executable.zip(folder).map(|(executable, folder)| TestBinary { executable, folder });
            }
            Message::Diagnostic(diagnostic) if diagnostic.message.is_error() => {
                let text = || diagnostic.message.rendered.clone().unwrap_or_default();
                if diagnostic.message.is_from_linker() {
                    self.linker.get_or_insert_with(text);
                } else if diagnostic.target.is_test(exercise) {
                    self.errors.push(diagnostic.message);
                } else {
                    (self.other_crate).get_or_insert_with(|| (diagnostic.target.name.clone(), text()));
                }
            }
            _ => {}
        }
    }
}

/// What cargo said to people on standard error.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) error: Kept,
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
            _ => BuildError::TimedOut { name: "the workshop".into(), silence },
        }
    }
}

fn progress_in(line: &str) -> Option<Progress> {
    let mut words = line.split_whitespace();
    match words.next()? {
        "Compiling" => words.next().map(|name| Progress::Compiling(name.into())),
        "Blocking" => Some(Progress::WaitingForBuildLock),
        "Updating" | "Downloading" | "Downloaded" => Some(Progress::Downloading),
        _ => None,
    }
}

/// Cargo has no codes for its own errors, so that its wording is all there is to go by.
pub(super) fn cargos_own_error(package: Package, exercise: &str, text: String) -> BuildError {
    let says = |any: &[&str]| any.iter().any(|part| text.contains(part));
    if says(&["no test target named"]) {
        let exercise = exercise.to_owned();
        return BuildError::NoSuchTest { package, exercise };
    }
    if says(&["failed to download", "failed to get `", "network error", "offline"]) {
        return BuildError::Download(text);
    }
    if says(&["manifest", "Cargo.toml", "package ID specification"]) {
        return BuildError::Manifest(text);
    }
    let exercise = exercise.to_owned();
    BuildError::Other { package, exercise, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_from_cargos_status_lines() {
        let compiling = progress_in("   Compiling rooms v0.1.0 (/somewhere/crates/rooms)");
        assert_eq!(compiling, Some(Progress::Compiling("rooms".into())));
        let waiting = progress_in("    Blocking waiting for file lock on build directory");
        assert_eq!(waiting, Some(Progress::WaitingForBuildLock));
        assert_eq!(progress_in("  Downloaded bytes v1.0.0"), Some(Progress::Downloading));
        assert_eq!(progress_in("    Finished `test` profile"), None);
    }

    #[tokio::test]
    async fn only_what_follows_the_first_error_is_kept_for_the_message() {
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
}
