//! The workshop's folder: which packages it has, where the learner's files are, how long things may take.

use std::{env, ffi::OsString, fmt, fs, path::PathBuf, time::Duration};

/// A package that holds exercises, each with the same ids and the same scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Package {
    /// The learner's own files.
    #[default]
    Exercises,
    /// Our answers.
    Solutions,
}

impl Package {
    /// The package's name, which is its folder's too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exercises => "exercises",
            Self::Solutions => "solutions",
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// How long a check may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest time that cargo may say nothing. A first build takes minutes, but names a crate every few seconds.
    pub build_silence: Duration,
    /// The longest time that compiling the exercises themselves may take, which is less than a second for most.
    pub exercises: Duration,
    /// The longest time that the test binary may run.
    pub run: Duration,
    /// How long the learner's app, started live, may take until it listens.
    pub listen: Duration,
    /// The time between asking a process to end and making it.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            build_silence: Duration::from_secs(120),
            exercises: Duration::from_secs(20),
            run: Duration::from_secs(10),
            listen: Duration::from_secs(10),
            grace: Duration::from_secs(1),
        }
    }
}

/// Where the workshop is and how it is built.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The folder that holds the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// The cargo to call.
    pub cargo: OsString,
    /// How long things may take.
    pub limits: Limits,
}

impl Workshop {
    /// The workshop at `root`, built with the cargo that started us if there was one.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            limits: Limits::default(),
        }
    }

    /// The file that holds an exercise's code.
    pub fn source(&self, package: Package, exercise: &str) -> PathBuf {
        self.sources(package).join(format!("{exercise}.rs"))
    }

    /// The folder that holds a package's exercises.
    pub fn sources(&self, package: Package) -> PathBuf {
        self.root.join(package.name()).join("src")
    }

    /// The scenarios that the lessons have for an exercise, by name.
    pub fn scenarios(&self, exercise: &str) -> Vec<PathBuf> {
        let files_in = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut paths: Vec<_> = files_in(self.root.join("lessons"))
            .flat_map(|lesson| files_in(lesson.join("scenarios").join(exercise)))
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
            .collect();
        paths.sort();
        paths
    }
}

/// Something that happens on the way to a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Another cargo uses the build folder.
    WaitingForBuildLock,
    /// Cargo fetches what the build needs; only on a first build.
    Downloading,
    /// Cargo compiles this crate.
    Compiling(String),
    /// The scenarios run.
    Running,
}

/// Takes progress while a check goes on. Must return at once.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_counted_over_all_lessons_and_for_one_exercise() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "00-welcome/scenarios/first/a.toml",
            "01-rooms/scenarios/first/b.toml",
            "01-rooms/scenarios/first/notes.md",
            "01-rooms/scenarios/second/c.toml",
        ] {
            let path = root.path().join("lessons").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let workshop = Workshop::at(root.path());
        assert_eq!(workshop.scenarios("first").len(), 2);
        assert!(workshop.scenarios("missing").is_empty());
    }
}
