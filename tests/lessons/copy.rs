//! A workshop with one lesson, which `rtws lesson new` has made.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The lesson that is made.
pub(crate) const LESSON: &str = "lessons/07-say";

/// Files of the repository that a workshop has besides its lessons.
const FILES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "exercises/Cargo.toml", "solutions/Cargo.toml", "rustfmt.toml"];

/// A name, the mistake, and all that is said of it.
pub(crate) type Breakage = (&'static str, fn(&Workshop), &'static [&'static str]);

pub(crate) struct Workshop {
    pub(crate) root: PathBuf,
    _folder: TempDir,
}

impl Workshop {
    /// A workshop with no lesson, and this repository's own libraries.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        for file in FILES {
            fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            fs::copy(repository.join(file), root.join(file)).unwrap();
        }
        for folder in ["lessons", "exercises/src", "solutions/src"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        #[cfg(unix)]
        for part in ["crates", "xtask"] {
            std::os::unix::fs::symlink(repository.join(part), root.join(part)).unwrap();
        }
        Self { root, _folder: folder }
    }

    /// A workshop with a lesson that has a step of each kind.
    pub(crate) fn new() -> Self {
        let workshop = Self::empty();
        workshop.passes(&["lesson", "new", "07-say", "--all"]);
        workshop
    }

    pub(crate) fn rtws(&self, arguments: &[&str]) -> Output {
        // The test is in `target/debug/deps`.
        let test = std::env::current_exe().unwrap();
        let target = test.ancestors().nth(3).unwrap();
        let mut rtws = Command::new(env!("CARGO_BIN_EXE_rtws"));
        rtws.args(arguments).arg("--root").arg(&self.root).current_dir(&self.root);
        rtws.env("RTWS_HOME", self.root.join("home")).env("CARGO_TARGET_DIR", target).env_remove("INSTA_UPDATE");
        rtws.output().unwrap()
    }

    pub(crate) fn passes(&self, arguments: &[&str]) -> String {
        let output = self.rtws(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What lint says, each mistake as `path:line:column severity[code]`.
    pub(crate) fn lint(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.rtws(&[&["lesson", "lint", "--json"], arguments].concat());
        let document: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let found: Vec<_> = document["diagnostics"].as_array().unwrap().iter().map(in_short).collect();
        let has_error = found.iter().any(|it| it.contains(" error["));
        assert_eq!(output.status.code(), Some(i32::from(has_error)), "{found:?}");
        found
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        if path.starts_with("solutions/") || path.starts_with("exercises/") {
            return self.root.join(path);
        }
        self.root.join(LESSON).join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text that stands in the file.
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}:\n{text}");
        self.write(path, text.replacen(from, to, 1));
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }
}

/// Makes each mistake in a workshop of its own, where lint finds what is expected and nothing else.
pub(crate) fn assert_each_is_found(breakages: impl IntoIterator<Item = Breakage>, arguments: &[&str]) {
    let mut wrong = Vec::new();
    for (name, mistake, expected) in breakages {
        let workshop = Workshop::new();
        mistake(&workshop);
        let mut found = workshop.lint(arguments);
        let mut expected: Vec<_> = expected.iter().map(|it| (*it).to_owned()).collect();
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!("{name}\n    expected {expected:#?}\n    found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn in_short(diagnostic: &Value) -> String {
    let text = |key: &str| diagnostic[key].as_str().unwrap().to_owned();
    let number = |key: &str| diagnostic[key].as_u64().unwrap();
    let path = text("path");
    let path = path.strip_prefix(LESSON).map_or(path.as_str(), |path| path.trim_start_matches('/'));
    let (line, column) = (number("line"), number("column"));
    format!("{path}:{line}:{column} {}[{}]", text("severity"), text("code"))
}
