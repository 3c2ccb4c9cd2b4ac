//! A copy of the workshop for a learner to change.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rtws::course::Course;
use rtws::progress::Assertions;
use tempfile::TempDir;

use crate::common::{CommandBuilder, RTWS, Screen};

/// The files that the workshop needs for building and running.
const PARTS: [&str; 9] =
    ["Cargo.toml", "Cargo.lock", "benches", "crates", "exercises", "lessons", "solutions", "src", "xtask"];

/// Variables of the machine that would change what the program does.
const FOREIGN: [&str; 5] = ["RTWS_ROOT", "RTWS_HOME", "RTWS_LOG", "VISUAL", "INSTA_UPDATE"];

/// The copy, in the state of a fresh clone, and an empty folder for the learner's progress.
pub(crate) struct Workshop {
    pub(crate) course: Course,
    pub(crate) root: PathBuf,
    home: TempDir,
    _turn: File,
}

impl Workshop {
    /// Waits for its turn. The copy is always in the same place, and only changed files are written.
    pub(crate) fn fresh() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("learn");
        fs::create_dir_all(&root).unwrap();
        // The lines below undo everything that a failed test may have left behind.
        let turn = File::create(root.join("turn")).unwrap();
        turn.lock().unwrap();
        let original = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in PARTS {
            mirror(&original.join(part), &root.join(part));
        }
        let course = Course::load(&root).expect("the lessons are sound");
        // A developer who works here may have solved the exercises.
        for exercise in course.lessons.iter().flat_map(|lesson| &lesson.exercises) {
            let files = course.files(&exercise.id).unwrap();
            mirror(&files.starter, &files.code);
        }
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("editor.sh"), "echo \"$@\" >> \"$RTWS_HOME/edited\"\n").unwrap();
        Self { course, root, home, _turn: turn }
    }

    /// The same for the engine itself, which this program calls in place of `rtws`.
    pub(crate) fn judged(&self) -> judge::Workshop {
        judge::process::stand_in(RTWS.into());
        judge::Workshop::in_target(&self.root, target())
    }

    /// The program with these arguments, in the learner's environment.
    pub(crate) fn rtws(&self, arguments: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(RTWS);
        command.args(arguments);
        self.prepare(command)
    }

    /// Another program there.
    pub(crate) fn prepare(&self, mut command: CommandBuilder) -> CommandBuilder {
        for name in FOREIGN {
            command.env_remove(name);
        }
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command.cwd(&self.root);
        command
    }

    /// Opens the workshop in a terminal.
    pub(crate) fn open(&self, rows: u16, cols: u16) -> Screen {
        Screen::start(self.rtws(&["learn"]), rows, cols)
    }

    /// Runs the program to its end without a terminal.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("rtws runs")
    }

    /// The program without a terminal, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(RTWS);
        command.args(arguments);
        self.in_its_folder(command)
    }

    /// Another program without a terminal, to be started.
    pub(crate) fn in_its_folder(&self, mut command: Command) -> Command {
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.current_dir(&self.root).envs(self.environment()).stdin(Stdio::null());
        command
    }

    fn environment(&self) -> [(&'static str, OsString); 3] {
        let editor = format!("sh {}", self.home.path().join("editor.sh").display());
        [("RTWS_HOME", self.home.path().into()), ("CARGO_TARGET_DIR", target().into()), ("EDITOR", editor.into())]
    }

    /// The learner's own folder.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The learner's assertion about a bug in the code of an exercise.
    pub(crate) fn assertion(&self, exercise: &str, bug: &str) -> PathBuf {
        Assertions::new(self.home.path()).path(exercise, bug)
    }

    /// The learner's file of an exercise.
    pub(crate) fn source(&self, exercise: &str) -> String {
        fs::read_to_string(self.path("exercises", exercise)).unwrap()
    }

    /// Saves the learner's file as an editor does: a new file, renamed over the old one.
    pub(crate) fn save(&self, exercise: &str, text: &str) {
        let path = self.path("exercises", exercise);
        let new = path.with_extension("rs.new");
        fs::write(&new, text).unwrap();
        fs::rename(new, path).unwrap();
    }

    /// The answer to an exercise.
    pub(crate) fn solution(&self, exercise: &str) -> String {
        fs::read_to_string(self.path("solutions", exercise)).unwrap()
    }

    fn path(&self, package: &str, exercise: &str) -> PathBuf {
        self.root.join(package).join("src").join(exercise).with_extension("rs")
    }

    /// The files that the learner's editor was asked to open.
    pub(crate) fn edited(&self) -> Vec<PathBuf> {
        let edited = fs::read_to_string(self.home.path().join("edited")).unwrap_or_default();
        edited.lines().map(PathBuf::from).collect()
    }

    /// Each step of the course as `lesson/step`, and its state, from `rtws list --json`.
    pub(crate) fn states(&self) -> Vec<(String, String)> {
        let step = |lesson: &serde_json::Value, step: &serde_json::Value| {
            let name = format!("{}/{}", lesson["id"].as_str().unwrap(), step["id"].as_str().unwrap());
            (name, step["state"].as_str().unwrap().to_owned())
        };
        let list = self.list();
        let lessons = list["lessons"].as_array().unwrap().iter();
        lessons.flat_map(|lesson| lesson["steps"].as_array().unwrap().iter().map(move |it| step(lesson, it))).collect()
    }

    /// The step at which the workshop resumes.
    pub(crate) fn current_step(&self) -> String {
        let list = self.list();
        let mut steps = list["lessons"].as_array().unwrap().iter().flat_map(|it| it["steps"].as_array().unwrap());
        let current = steps.find(|step| step["current"] == true).expect("the learner is at some step");
        current["id"].as_str().unwrap().to_owned()
    }

    fn list(&self) -> serde_json::Value {
        serde_json::from_slice(&self.run(&["list", "--json"]).stdout).expect("rtws list prints JSON")
    }
}

/// The tests' own target folder: builds are found by their contents, so they cannot be mixed up.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned()
}

/// Makes `to` like `from`.
fn mirror(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        let names = |folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        for name in names(from) {
            mirror(&from.join(&name), &to.join(&name));
        }
        for name in names(to).filter(|name| !from.join(name).exists()) {
            let surplus = to.join(name);
            if surplus.is_dir() { fs::remove_dir_all(surplus).unwrap() } else { fs::remove_file(surplus).unwrap() }
        }
        return;
    }
    let text = fs::read(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    if fs::read(to).ok().as_ref() != Some(&text) {
        fs::write(to, text).unwrap();
    }
}
