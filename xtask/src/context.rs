//! The state that the sections of a run share: folders, the environment of programs, installed packages, tests that
//! ran.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::job::{Job, set_by_cargo};
use crate::test_log::Program;

/// One run of the checks.
pub(crate) struct Context {
    /// The folder of the workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// The log of the section that runs now.
    pub(crate) log: PathBuf,
    /// The working tree, as git showed it before the first section.
    pub(crate) tree: BTreeSet<String>,
    /// The folders whose packages are installed for the tests with other programs.
    pub(crate) installed: BTreeSet<PathBuf>,
    /// Tests that ran, by the section that ran them, in words.
    pub(crate) ran: Vec<(&'static str, Vec<Program>)>,
    scratch: TempDir,
}

impl Context {
    pub(crate) fn new() -> Result<Self> {
        let (root, target) = places()?;
        let logs = target.join("ci");
        fs::create_dir_all(&logs).with_context(|| format!("cannot create {}", logs.display()))?;
        let scratch = tempfile::Builder::new().prefix("scratch-").tempdir_in(&logs)?;
        let mut context = Self {
            root,
            target,
            log: logs.join("start.log"),
            tree: BTreeSet::new(),
            installed: BTreeSet::new(),
            ran: Vec::new(),
            scratch,
        };
        context.tree = context.working_tree()?;
        Ok(context)
    }

    /// Begins the log of a section.
    pub(crate) fn begin(&mut self, section: &str) -> Result<()> {
        self.log = self.target.join("ci").join(format!("{section}.log"));
        fs::write(&self.log, "").with_context(|| format!("cannot write {}", self.log.display()))
    }

    /// A folder for this run alone, which is removed at its end.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// The program that the workspace builds.
    pub(crate) fn rtws(&self) -> PathBuf {
        self.target.join("debug/rtws")
    }

    pub(crate) fn cargo(&self, words: &str) -> Job<'_> {
        self.program("cargo").words(words)
    }

    /// A program that runs in the folder of the workspace, in an environment in which a check neither reads nor changes
    /// the user's own files.
    pub(crate) fn program(&self, name: impl AsRef<OsStr>) -> Job<'_> {
        let others = ["RTWS_LOG", "RTWS_ROOT"].map(Into::into);
        let job = set_by_cargo().chain(others).fold(Job::new(name, &self.root, &self.log), Job::env_remove);
        job.env("CARGO_TERM_COLOR", "never")
            // A run compares snapshots and never writes them.
            .env("INSTA_UPDATE", "no")
            .env("RTWS_HOME", self.scratch().join("home"))
    }

    /// Changed, new and ignored files, without those that building and installing make.
    pub(crate) fn working_tree(&self) -> Result<BTreeSet<String>> {
        let status = self.program("git").words("status --porcelain --ignored").answer()?.passed()?;
        let made = ["!! target/", "!! tests/node/node_modules/", "!! tests/browser/node_modules/"];
        Ok(status.text.lines().filter(|line| !made.contains(line)).map(str::to_owned).collect())
    }
}

/// The folder of the workspace and cargo's target folder, as cargo knows them.
pub(crate) fn places() -> Result<(PathBuf, PathBuf)> {
    let output = Command::new("cargo").args(["metadata", "--no-deps", "--locked", "--format-version=1"]).output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let folder = |key: &str| metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo tells no {key}"));
    Ok((folder("workspace_root")?, folder("target_directory")?))
}
