//! The libraries of exercises share the dependencies of the workshop's own build: each is built with the same features
//! for both, so a learner waits for three crates and not for a hundred.
//!
//! `cargo-hakari`, the tool for that, is not used. It makes a package that depends on everything and on which every
//! member depends: then `rooms` builds only after the whole of `ratatui`, an answer links libraries that it does not
//! need, and `rooms` is no longer an independent library. The engine puts such a package beside the libraries of an
//! answer instead, where cargo resolves features and builds nothing of it (`crates/judge/src/library/sources.rs`); this
//! section is the proof.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use layout::folder;
use serde_json::Value;

use super::{Outcome, Section};
use crate::context::Context;

pub(super) const SECTION: Section = Section {
    name: "features",
    proves: "A check of an exercise finds every dependency built, with the features of the workshop's own build.",
    check,
};

/// The results of the workshop's own build.
struct Built {
    /// The names of the files of all libraries, including those that were built before.
    files: BTreeSet<String>,
    /// The names of the libraries of the workspace's own sources, which the engine builds from copies.
    members: BTreeSet<String>,
}

fn check(context: &mut Context) -> Result<Outcome> {
    let built = build(context)?;
    let libraries = context.target.join("judge/libraries");
    // A build from an earlier run would prove nothing.
    if libraries.exists() {
        fs::remove_dir_all(&libraries).with_context(|| format!("cannot remove {}", libraries.display()))?;
    }
    let first = context.program(context.rtws()).words("check greet").hidden()?;
    ensure!(matches!(first.status.code(), Some(0 | 1)), first.fault("the first check fails"));
    let linked = linked(&libraries)?;
    let foreign: Vec<_> = linked.iter().filter(|file| !built.members.contains(library(file))).collect();
    ensure!(!foreign.is_empty(), first.fault("the first check has gathered no libraries"));
    let again: Vec<_> = foreign.iter().filter(|file| !built.files.contains(**file)).collect();
    ensure!(again.is_empty(), "with other features these are built a second time: {again:?}");
    println!("none of {} libraries is built a second time", foreign.len());
    Ok(Outcome::Passed)
}

fn build(context: &Context) -> Result<Built> {
    let messages = context.cargo("build --locked --message-format=json-render-diagnostics").answer()?.passed()?;
    let mut built = Built { files: BTreeSet::new(), members: BTreeSet::new() };
    for message in messages.text.lines() {
        let artifact: Value = serde_json::from_str(message)?;
        let files = artifact["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let files: Vec<_> = files.filter_map(|file| name(Path::new(file))).collect();
        if Path::new(artifact["manifest_path"].as_str().unwrap_or_default()).starts_with(&context.root) {
            built.members.extend(files.iter().map(|file| library(file).to_owned()));
        }
        built.files.extend(files);
    }
    Ok(built)
}

/// The files of the libraries that the engine has gathered for answers.
fn linked(libraries: &Path) -> Result<BTreeSet<String>> {
    let builds = folder::entries(libraries)?;
    let files = builds.iter().flat_map(|build| folder::files(&build.join("deps"), "rlib"));
    Ok(files.filter_map(|file| name(&file)).collect())
}

fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

/// `librooms-0123.rlib` without the number that cargo made of features and more.
fn library(file: &str) -> &str {
    file.rsplit_once('-').map_or(file, |(name, _)| name)
}
