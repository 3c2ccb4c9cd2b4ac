//! The workshop's folder: which packages it has, where the learner's files are, how long things may take.

use std::{
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{capacity::checks_at_a_time, folder};

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

    /// The file that holds an exercise's code, as a path from the workshop's root.
    pub fn file(self, exercise: &str) -> PathBuf {
        Path::new(self.name()).join("src").join(format!("{exercise}.rs"))
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
    /// The longest time that compiling one answer may take, which is less than a second for most.
    pub compile: Duration,
    /// The longest time that all scenarios of an exercise may take together, under the virtual clock.
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
            compile: Duration::from_secs(20),
            run: Duration::from_secs(10),
            listen: Duration::from_secs(10),
            grace: Duration::from_secs(1),
        }
    }
}

/// Where the workshop is and how it is built. This type knows the layout of its folders.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The folder that holds the workspace's `Cargo.toml`. Absolute.
    pub root: PathBuf,
    /// The cargo to call.
    pub cargo: OsString,
    /// Where cargo puts what it builds. Absolute.
    pub target: PathBuf,
    /// How many scenarios of an answer are played at a time. Where several answers are checked at a time, one is enough.
    pub scenarios_at_a_time: usize,
    /// How long things may take.
    pub limits: Limits,
}

impl Workshop {
    /// The workshop at `root`, built with the cargo that started us if there was one.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let target = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        // Relative to the workshop, wherever in it a program is started: cargo starts tests in their package's folder.
        let target = root.join(target.unwrap_or_else(|| "target".into()));
        Self::in_target(root, target)
    }

    /// The same, with what is built in `target`.
    pub fn in_target(root: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        Self {
            root: absolute(root.into()),
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            target: absolute(target.into()),
            scenarios_at_a_time: checks_at_a_time(),
            limits: Limits::default(),
        }
    }

    /// The file that holds an exercise's code.
    pub fn source(&self, package: Package, exercise: &str) -> PathBuf {
        self.root.join(package.file(exercise))
    }

    /// The folder that holds a package's exercises.
    pub fn sources(&self, package: Package) -> PathBuf {
        self.root.join(package.name()).join("src")
    }

    /// The folder of all lessons.
    pub fn lessons(&self) -> PathBuf {
        self.root.join("lessons")
    }

    /// The folder of the lesson that has scenarios for an exercise.
    pub fn lesson_of(&self, exercise: &str) -> Option<PathBuf> {
        let lessons = folder::entries(&self.lessons()).ok()?;
        lessons.into_iter().find(|lesson| lesson.join(SCENARIOS).join(exercise).is_dir())
    }

    /// The ids of all exercises that have scenarios, in the order of the lessons.
    pub fn exercises(&self) -> Vec<String> {
        let lessons = folder::entries(&self.lessons()).unwrap_or_default();
        let exercises = lessons.iter().flat_map(|lesson| folder::entries(&lesson.join(SCENARIOS)).unwrap_or_default());
        exercises.filter(|path| path.is_dir()).map(|path| folder::stem(&path)).collect()
    }

    /// The scenarios that a lesson has for an exercise, by name.
    pub fn scenarios(&self, exercise: &str) -> Vec<PathBuf> {
        let lesson = self.lesson_of(exercise);
        lesson.map(|lesson| folder::files(&lesson.join(SCENARIOS).join(exercise), "toml")).unwrap_or_default()
    }

    /// The expected transcript of a scenario.
    pub fn snapshot(&self, exercise: &str, scenario: &str) -> Option<PathBuf> {
        Some(self.lesson_of(exercise)?.join("snapshots").join(exercise).join(format!("{scenario}.snap")))
    }

    /// Where the engine keeps what it has built and found.
    pub(crate) fn store(&self) -> PathBuf {
        self.target.join("judge")
    }
}

const SCENARIOS: &str = "scenarios";

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
    fn scenarios_are_those_of_the_first_lesson_that_has_some_and_no_lock_file_is_one() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "00-welcome/scenarios/first/a.toml",
            "00-welcome/scenarios/first/b.toml",
            "00-welcome/scenarios/first/.#b.toml",
            "00-welcome/scenarios/first/notes.md",
            ".git/scenarios/hidden/c.toml",
            "01-rooms/scenarios/second/c.toml",
        ] {
            let path = root.path().join("lessons").join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let workshop = Workshop::at(root.path());
        assert_eq!(workshop.scenarios("first").len(), 2);
        assert!(workshop.scenarios("missing").is_empty());
        assert_eq!(workshop.exercises(), ["first", "second"]);
        let snapshot = workshop.snapshot("second", "c").unwrap();
        assert!(snapshot.ends_with("lessons/01-rooms/snapshots/second/c.snap"), "{}", snapshot.display());
    }
}
