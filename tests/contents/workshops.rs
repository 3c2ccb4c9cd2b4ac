//! Copies of this repository.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use crate::operation::set_time;

/// The parts of the repository that a check needs.
const PARTS: [&str; 7] = ["Cargo.toml", "Cargo.lock", "crates", "exercises", "lessons", "solutions", "xtask"];

/// Workshops beside each other, in the state of a fresh clone.
pub(crate) struct Workshops {
    pub(crate) copies: Vec<Copy>,
    _folder: TempDir,
}

/// One of them.
pub(crate) struct Copy {
    root: RefCell<PathBuf>,
    home: PathBuf,
    moves: Cell<u32>,
}

impl Workshops {
    pub(crate) fn new(number: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copy = |number: usize| {
            let root = folder.path().join(format!("workshop-{number}"));
            fs::create_dir_all(&root).unwrap();
            for part in PARTS {
                copy_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &root.join(part));
            }
            let home = folder.path().join(format!("home-{number}"));
            let copy = Copy { root: root.into(), home, moves: 0.into() };
            // A developer who works in the repository may have solved them.
            for exercise in ["greet", "join-project"] {
                fs::write(copy.source(exercise), copy.text("starter", exercise)).unwrap();
            }
            copy
        };
        Self { copies: (0..number).map(copy).collect(), _folder: folder }
    }
}

impl Copy {
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.borrow().join(path)
    }

    pub(crate) fn source(&self, exercise: &str) -> PathBuf {
        self.path("exercises/src").join(format!("{exercise}.rs"))
    }

    /// The folder of the lesson that has the exercise.
    pub(crate) fn lesson(&self, exercise: &str) -> PathBuf {
        let mut lessons = fs::read_dir(self.path("lessons")).unwrap().map(|entry| entry.unwrap().path());
        lessons.find(|lesson| lesson.join("scenarios").join(exercise).is_dir()).unwrap()
    }

    /// A text from the workshop: the `starter`, the `solution`, or a wrong answer by its name.
    pub(crate) fn text(&self, which: &str, exercise: &str) -> String {
        let path = match which {
            "starter" => self.lesson(exercise).join("starters").join(format!("{exercise}.rs")),
            "solution" => self.path("solutions/src").join(format!("{exercise}.rs")),
            wrong => return self.wrong(wrong, exercise),
        };
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn wrong(&self, name: &str, exercise: &str) -> String {
        let mistakes = judge::mistakes::of(&layout::Layout::at(self.path("")), exercise);
        let wrong = mistakes.into_iter().find(|wrong| wrong.name == name);
        wrong.unwrap_or_else(|| panic!("no mistake `{name}` in {exercise}")).answer.unwrap().code
    }

    /// Moves the whole workshop.
    pub(crate) fn rename(&self) {
        self.moves.set(self.moves.get() + 1);
        let old = self.root.borrow().clone();
        let name = old.file_name().unwrap().to_str().unwrap();
        let new = old.with_file_name(format!("{}-moved-{}", name.split("-moved").next().unwrap(), self.moves.get()));
        fs::rename(&old, &new).unwrap();
        self.root.replace(new);
    }

    /// The report on an exercise.
    pub(crate) fn check(&self, exercise: &str) -> Value {
        self.check_with(exercise, &[])
    }

    pub(crate) fn check_with(&self, exercise: &str, environment: &[(&str, &str)]) -> Value {
        self.run_with(&["check", exercise, "--json"], environment).0
    }

    /// The first exercise in the program's output, and how it ended.
    pub(crate) fn run(&self, arguments: &[&str]) -> (Value, ExitStatus) {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> (Value, ExitStatus) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rtws"));
        command.args(arguments).arg("--root").arg(&*self.root.borrow());
        command.env("RTWS_HOME", &self.home).env("CARGO_TARGET_DIR", target()).env_remove("RUSTFLAGS");
        let output = command.envs(environment.iter().copied()).output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert!(document.is_object() || !arguments.contains(&"--json"), "{output:?}");
        (document["exercises"][0].clone(), output.status)
    }
}

/// Dates cargo's notes on crates with these names a day ahead, if they were written since `before`, so that the next
/// build seems older.
pub(crate) fn date_ahead(names: [&str; 3], before: SystemTime) {
    let notes = target().join("debug/.fingerprint");
    let of_crates = fs::read_dir(notes).unwrap().map(|entry| entry.unwrap().path()).filter(|folder| {
        let name = folder.file_name().unwrap().to_str().unwrap();
        names.iter().any(|it| name.starts_with(it))
    });
    for note in of_crates.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()) {
        if fs::metadata(&note).unwrap().modified().unwrap() >= before {
            set_time(&note, SystemTime::now() + Duration::from_secs(86_400));
        }
    }
}

/// The target folder that all workshops share.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned()
}

fn copy_all(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.file_name() != "target") {
            copy_all(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}
