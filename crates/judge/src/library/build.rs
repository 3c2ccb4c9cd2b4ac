//! Has cargo build the libraries, and moves them into the store.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tracing::warn;

use super::{
    Command, IS_SHARED, LIBRARIES, failed,
    output::{Findings, Library, Said, cargos_own_error},
    sources::{ANSWER, FEATURES, Sources},
};
use crate::{
    BuildError, OnProgress, Progress, Workshop,
    key::Key,
    lines::{LONGEST_MESSAGE, Lines},
    outcome::Ended,
    process::{Group, Input, Program, while_reading},
    store,
    toolchain::{self, Toolchain},
};

/// How many builds are kept, of 200 MB each. Several workshops may share a target folder.
const MOST_LIBRARIES: usize = 4;
/// How often to check whether another build has finished.
const PAUSE: Duration = Duration::from_millis(50);

/// Builds into `folder`, which afterwards exists with everything in it, or not at all. Dropping the future ends the
/// build.
pub(super) async fn build(
    workshop: &Workshop,
    sources: &Sources,
    toolchain: &Toolchain,
    key: &Key,
    folder: &Path,
    on_progress: OnProgress<'_>,
) -> Result<(), BuildError> {
    let _turn = turn(workshop, on_progress).await?;
    if Command::load(folder).is_some() {
        return Ok(());
    }
    let work = work(workshop).map_err(failed(&workshop.store()))?;
    let place = work.path().join("sources");
    sources.write(&place, key, &store::name_of(work.path())).map_err(failed(&place))?;
    let findings = cargo(workshop, toolchain, &place, on_progress).await?;
    let built = work.path().join("built");
    take_in(findings, &place, &built).await?;
    store::keep(&built, folder, |folder| Command::load(folder).is_some()).map_err(failed(folder))?;
    if let Some(libraries) = folder.parent() {
        store::prune(libraries, MOST_LIBRARIES, folder);
        store::clear_leftovers(libraries);
    }
    Ok(())
}

/// A folder to build in. Removes those that killed programs have left behind: no other program is building now.
fn work(workshop: &Workshop) -> std::io::Result<TempDir> {
    let folder = workshop.store().join("build");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    tempfile::Builder::new().prefix("").rand_bytes(12).tempdir_in(folder)
}

/// Waits for this program's turn. One program builds at a time, because the others need the same result.
async fn turn(workshop: &Workshop, on_progress: OnProgress<'_>) -> Result<fs::File, BuildError> {
    let path = workshop.store().join("turn");
    fs::create_dir_all(workshop.store()).map_err(failed(&path))?;
    let file = fs::File::create(&path).map_err(failed(&path))?;
    while let Err(error) = file.try_lock() {
        match error {
            fs::TryLockError::WouldBlock => on_progress(Progress::WaitingForBuildLock),
            fs::TryLockError::Error(error) => return Err(failed(&path)(error)),
        }
        sleep(PAUSE).await;
    }
    Ok(file)
}

/// Runs cargo, and stops it when it prints nothing for too long.
async fn cargo(
    workshop: &Workshop,
    toolchain: &Toolchain,
    place: &Path,
    on_progress: OnProgress<'_>,
) -> Result<Findings, BuildError> {
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => BuildError::CargoMissing(workshop.cargo.clone()),
        _ => BuildError::Cargo { cargo: workshop.cargo.clone(), source },
    };
    let mut group = Group::spawn(&program(workshop, toolchain, place)).map_err(failed)?;
    let messages = Lines::new(group.take_stdout().map_err(failed)?, LONGEST_MESSAGE);
    let status_lines = Lines::new(group.take_stderr().map_err(failed)?, LONGEST_MESSAGE);
    let (mut findings, mut said, stirred) = (Findings::default(), Said::default(), Notify::new());
    let reading = async {
        tokio::join!(findings.collect(messages, &stirred), said.collect(status_lines, on_progress, &stirred));
    };
    let silence = workshop.limits.build_silence;
    let waiting = async {
        loop {
            tokio::select! {
                ended = group.wait() => return ended.map(Some),
                stir = timeout(silence, stirred.notified()) => if stir.is_err() { return Ok(None) },
            }
        }
    };
    match while_reading(waiting, reading).await.map_err(failed)? {
        Some(Ended::Exited(0)) => {}
        Some(_) => return Err(findings.error().unwrap_or_else(|| cargos_own_error(said.error.text()))),
        None => {
            warn!(seconds = silence.as_secs(), "cargo printed nothing any more, and is stopped");
            group.stop(workshop.limits.grace).await.map_err(failed)?;
            return Err(said.silent_too_long(silence));
        }
    }
    findings.command = said.command;
    Ok(findings)
}

fn program(workshop: &Workshop, toolchain: &Toolchain, place: &Path) -> Program {
    let arguments = [
        "build",
        "--verbose",
        "--bin",
        ANSWER,
        "--package",
        &format!("{ANSWER}-*"),
        "--package",
        FEATURES,
        "--message-format=json",
        "--manifest-path",
    ];
    let mut arguments: Vec<_> = arguments.map(Into::into).into();
    arguments.push(place.join("Cargo.toml").into());
    arguments.extend(["--target-dir".into(), workshop.target.clone().into()]);
    let mut environment: Vec<_> = toolchain.variables().collect();
    for (name, value) in [
        ("CARGO_TERM_COLOR", "never"),
        ("CARGO_TERM_PROGRESS_WHEN", "never"),
        ("CARGO_TERM_QUIET", "false"),
        ("CARGO_INCREMENTAL", "0"),
    ] {
        environment.push((name.into(), Some(value.into())));
    }
    Program {
        name: workshop.cargo.clone(),
        arguments,
        // Cargo looks for its configuration here.
        folder: workshop.layout.root().to_owned(),
        environment,
        clear_environment: false,
        stdin: Input::Nothing,
        // A build runs one process for each processor, and as many again.
        most_processes: None,
    }
}

/// Stores the libraries, because nothing else may change those that answers link. Libraries built from the workshop's
/// own sources are moved, because no other build can use them; the others are copied.
async fn take_in(findings: Findings, place: &Path, built: &Path) -> Result<(), BuildError> {
    let unclear = |what: &str| BuildError::Other(format!("cargo did not tell {what}"));
    let words = findings.command.ok_or_else(|| unclear("how it compiled the last program"))?;
    let out = words.iter().position(|word| word == "--out-dir").and_then(|at| words.get(at + 1));
    let out = PathBuf::from(out.ok_or_else(|| unclear("where it puts libraries"))?);
    let command = Command::of(&words, &format!("{ANSWER}/src/main.rs"), &out);
    let to = built.join(LIBRARIES);
    fs::create_dir_all(&to).map_err(failed(&to))?;
    let mut names = Vec::new();
    for Library { file, manifest } in findings.libraries {
        // Files that were also put beside the programs are in the folder under the same names.
        let name = file.file_name().unwrap_or_default().to_owned();
        let (from, to) = (out.join(&name), to.join(&name));
        let taken = if manifest.starts_with(place) { fs::rename(&from, to) } else { fs::copy(&from, to).map(drop) };
        taken.map_err(failed(&from))?;
        names.push(name);
    }
    if IS_SHARED {
        let library = toolchain::shared_standard_library(&words).await?;
        let name = library.file_name().unwrap_or_default().to_owned();
        fs::copy(&library, to.join(&name)).map_err(failed(&library))?;
        names.push(name);
    }
    command.store(built, &names).map_err(failed(built))
}
