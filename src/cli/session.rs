//! The course and what the learner has done in it, as a subcommand needs them.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::bail;

use super::{Context, Usage, output::print_error};
use crate::{
    course::{self, Colour, Course, Exercise, UnknownId},
    progress::{Progress, Store, step_key},
};

/// What a subcommand that is about exercises begins with.
pub(super) struct Session<'a> {
    context: &'a Context,
    pub(super) course: Course,
    /// As it was when the subcommand began.
    pub(super) progress: Progress,
}

impl<'a> Session<'a> {
    /// Reads the lessons and the learner's state.
    pub(super) fn open(context: &'a Context) -> anyhow::Result<Self> {
        let course = match Course::load(&context.root) {
            Ok(course) => course,
            Err(diagnostics) => bail!("the lessons cannot be read\n{}", course::render(&diagnostics, Colour::Off)),
        };
        let opened = Store::open(&context.home, now());
        if let Some(notice) = opened.notice {
            print_error(&format!("warning: {notice}"));
        }
        Ok(Self { context, course, progress: opened.progress })
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

    /// Changes the state as it is on disk now, as a check takes long enough for it to change. That it cannot be saved is
    /// a warning: what was asked for was done all the same.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Progress, u64) -> T) -> T {
        let now = now();
        let (answer, saved) = Store::change(&self.context.home, now, |progress| change(progress, now));
        if let Err(error) = saved {
            print_error(&format!("warning: {error}"));
        }
        answer
    }

    /// The steps that are done once this exercise has passed.
    pub(super) fn steps_to_pass(&self, exercise: &str) -> Vec<String> {
        let steps = self.course.lessons.iter().flat_map(|lesson| lesson.steps.iter().map(move |step| (lesson, step)));
        steps
            .filter(|(_, step)| step.body.exercise_to_pass() == Some(exercise))
            .map(|(lesson, step)| step_key(&lesson.id, &step.id))
            .collect()
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

pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;

    use super::*;
    use crate::{cli::Ui, progress::Place, runner::fixture::Fixture};

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

    /// A workshop with one lesson and two exercises, of which `first` can be built.
    pub(in crate::cli) struct Learner {
        pub(in crate::cli) fixture: Fixture,
    }

    impl Learner {
        pub(in crate::cli) fn new(code: &str) -> Self {
            let fixture = Fixture::new(code);
            let lesson = "lessons/00-welcome";
            fixture.write(&format!("{lesson}/lesson.toml"), LESSON);
            fixture.write(&format!("{lesson}/page.md"), "Read this.");
            for id in ["first", "second"] {
                fixture.write(&format!("{lesson}/starters/{id}.rs"), "// todo");
                fixture.write(&format!("{lesson}/scenarios/{id}/only.toml"), SCENARIO);
                fixture.write(&format!("{lesson}/snapshots/{id}/only.snap"), "");
                fixture.write(&format!("solutions/src/{id}.rs"), "");
                fixture.write(&format!("exercises/src/{id}.rs"), code);
            }
            Self { fixture }
        }

        pub(in crate::cli) fn context(&self) -> Context {
            let root = self.fixture.workshop.root.clone();
            let ui = Ui { colour: false, width: 80, status_line: false };
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
            session.change(|progress, _| change(progress));
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
        late.change(|progress, _| progress.attempted("first"));
        early.change(|progress, _| progress.attempted("first"));
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
