//! The course and the learner's progress, as a subcommand needs them.

use std::path::Path;

use anyhow::bail;

use super::{Context, Usage, output::print_error};
use crate::{
    clock::unix_seconds,
    course::{self, Colour, Course, Exercise, UnknownId},
    progress::{LockError, Notice, Progress, SaveError, Store},
};

/// The start of every subcommand about exercises.
pub(super) struct Session<'a> {
    context: &'a Context,
    pub(super) course: Course,
    /// As it was when the subcommand began.
    pub(super) progress: Progress,
    /// The warning that the learner got at that time.
    notice: Option<Notice>,
}

impl<'a> Session<'a> {
    /// Reads the lessons and the learner's state.
    pub(super) fn open(context: &'a Context) -> anyhow::Result<Self> {
        let course = course(&context.root)?;
        let opened = Store::open(&context.home, unix_seconds());
        if let Some(notice) = &opened.notice {
            print_error(&format!("warning: {notice}"));
        }
        Ok(Self { context, course, progress: opened.progress, notice: opened.notice })
    }

    /// The exercise with this id, or the one to go on with when none was named.
    pub(super) fn exercise(&self, id: Option<&str>) -> anyhow::Result<&Exercise> {
        let Some(id) = id.or_else(|| self.next()) else {
            return Err(Usage("every exercise has passed; name one".to_owned()).into());
        };
        self.course.exercise(id).map(|(_, exercise)| exercise).map_err(|unknown| usage(&unknown))
    }

    /// The exercise that the learner is at, or else the first that has not passed.
    pub(super) fn next(&self) -> Option<&str> {
        self.current().or_else(|| self.all().find(|id| !self.progress.has_passed(id)))
    }

    /// Every exercise of the course, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.course.lessons.iter().flat_map(|lesson| lesson.exercises.iter().map(|exercise| exercise.id.as_str()))
    }

    /// Changes the state as it is on disk now, because it may change during a check. If it cannot be saved, that is
    /// only a warning: the request was carried out all the same.
    ///
    /// # Errors
    ///
    /// When another program prevents all changes. As a warning, that would be overlooked.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Progress, u64) -> T) -> Result<T, LockError> {
        let now = unix_seconds();
        let (answer, saved) = Store::change(&self.context.home, now, |progress| change(progress, now));
        match saved {
            Ok(()) => {}
            Err(SaveError::Lock(error)) => return Err(error),
            Err(SaveError::ReadOnly(notice)) if Some(&notice) == self.notice.as_ref() => {}
            Err(error) => print_error(&format!("warning: {error}")),
        }
        Ok(answer)
    }

    fn current(&self) -> Option<&str> {
        let place = self.progress.position.as_ref()?;
        self.course.lesson(&place.lesson).ok()?.step(&place.step)?.body.exercise()
    }
}

/// An id that does not exist is a mistake on the command line.
pub(super) fn usage(unknown: &UnknownId) -> anyhow::Error {
    Usage(unknown.to_string()).into()
}

/// The course of a workshop.
///
/// # Errors
///
/// Every mistake in its lessons, each with its place.
pub(super) fn course(root: &Path) -> anyhow::Result<Course> {
    match Course::load(root) {
        Ok(course) => Ok(course),
        Err(diagnostics) => bail!("the lessons cannot be read\n{}", course::render(&diagnostics, Colour::Off)),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use tempfile::TempDir;

    use super::*;
    use crate::colour::Depth;
    use crate::{cli::Ui, progress::Place};

    const LESSON: &str = r#"
title = "Welcome"
summary = "The loop."
minutes = [5, 10]
requires = []
[[steps]]
id = "read"
kind = "read"
title = "Read"
text = "page.md"
[[steps]]
id = "solve"
kind = "exercise"
title = "Solve"
section = ["Practice", "Exit"]
exercise = "first"
[[steps]]
id = "again"
kind = "recall"
title = "Again"
section = "Exit"
exercise = "second"
[[exercises]]
id = "first"
title = "First"
minutes = 5
hints = ["a nudge"]
[[exercises]]
id = "second"
title = "Second"
minutes = 5
hints = ["a nudge"]
"#;

    const SCENARIO: &str = "title = \"Only\"\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n";
    const SNAPSHOT: &str = "---\nsource: x\n---\n1 connect ann\n    ann <- hello\nrooms at the end\n    none\n";

    /// An answer that passes.
    pub(in crate::cli) const PASSES: &str =
        "pub fn app(io: &rooms::Io) { io.on_connection(|socket| socket.emit(\"hello\", ())); }\n";
    /// An answer that fails.
    pub(in crate::cli) const FAILS: &str = "pub fn app(_: &rooms::Io) {}\n";

    /// A workshop with one lesson and two exercises, and this repository's own libraries.
    pub(in crate::cli) struct Learner {
        root: PathBuf,
        _folder: TempDir,
    }

    impl Learner {
        pub(in crate::cli) fn new(code: &str) -> Self {
            let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
            // A test is in `deps`, and its supervisor beside that folder.
            let test = std::env::current_exe().unwrap();
            let built = test.ancestors().nth(2).unwrap();
            judge::process::stand_in(built.join("rtws"));
            let folder = tempfile::tempdir().unwrap();
            let learner = Self { root: folder.path().canonicalize().unwrap(), _folder: folder };
            for manifest in ["Cargo.toml", "Cargo.lock", "exercises/Cargo.toml", "solutions/Cargo.toml"] {
                learner.write(manifest, &fs::read_to_string(repository.join(manifest)).unwrap());
            }
            #[cfg(unix)]
            let members = ["crates", "xtask"].map(|name| (name, repository.join(name)));
            for (name, to) in members.into_iter().chain([("target", built.parent().unwrap().to_owned())]) {
                std::os::unix::fs::symlink(to, learner.root.join(name)).unwrap();
            }
            let lesson = "lessons/00-welcome";
            learner.write(&format!("{lesson}/lesson.toml"), LESSON);
            learner.write(&format!("{lesson}/page.md"), "Read this.");
            for id in ["first", "second"] {
                learner.write(&format!("{lesson}/starters/{id}.rs"), "// todo");
                learner.write(&format!("{lesson}/scenarios/{id}/only.toml"), SCENARIO);
                learner.write(&format!("{lesson}/snapshots/{id}/only.snap"), SNAPSHOT);
                learner.write(&format!("solutions/src/{id}.rs"), "");
                learner.write(&format!("exercises/src/{id}.rs"), code);
            }
            learner
        }

        pub(in crate::cli) fn write(&self, path: &str, text: &str) -> PathBuf {
            let path = self.root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        }

        pub(in crate::cli) fn context(&self) -> Context {
            let root = self.root.clone();
            let ui = Ui { depth: Depth::None, width: 80, status_line: false };
            Context { home: root.join(".rtws"), root, ui }
        }

        pub(in crate::cli) fn progress(&self) -> Progress {
            Store::open(&self.context().home, 0).progress
        }
    }

    #[test]
    fn the_exercise_to_go_on_with_is_where_the_learner_is_or_the_first_that_has_not_passed() {
        let learner = Learner::new("");
        let context = learner.context();
        let next = |change: fn(&mut Progress)| {
            let session = Session::open(&context).unwrap();
            session.change(|progress, _| change(progress)).unwrap();
            Session::open(&context).unwrap().next().map(str::to_owned)
        };
        assert_eq!(next(|_| ()).as_deref(), Some("first"));
        assert_eq!(next(|progress| progress.passed("first", "", 1)).as_deref(), Some("second"));
        assert_eq!(next(|progress| progress.enter(Place::new("welcome", "solve"), 1)).as_deref(), Some("first"));
        assert_eq!(next(|progress| progress.enter(Place::new("welcome", "read"), 1)).as_deref(), Some("second"));
        assert_eq!(next(|progress| progress.passed("second", "", 1)), None);
    }

    #[test]
    fn a_change_is_made_to_what_is_on_disk_now() {
        let learner = Learner::new("");
        let context = learner.context();
        let (early, late) = (Session::open(&context).unwrap(), Session::open(&context).unwrap());
        late.change(|progress, _| progress.attempted("first")).unwrap();
        early.change(|progress, _| progress.attempted("first")).unwrap();
        assert_eq!(learner.progress().exercise("first").attempts, 2);
    }

    #[test]
    fn lessons_that_cannot_be_read_are_shown_with_the_place() {
        let learner = Learner::new("");
        fs::write(learner.context().root.join("lessons/00-welcome/lesson.toml"), "title = 7").unwrap();
        let error = Session::open(&learner.context()).err().unwrap().to_string();
        assert!(error.contains("lessons/00-welcome/lesson.toml:1"), "{error}");
    }
}
