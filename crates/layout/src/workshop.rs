//! A workshop, by its root.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Answers, CodeFile, ExerciseFiles, Language, LessonFolder, Package, folder};

/// The folder of all lessons, from the workshop's root.
pub const LESSONS: &str = "lessons";

/// The folders of a workshop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The workshop at this root: the folder that holds the workspace's `Cargo.toml`.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The root, which paths in messages begin at.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is a workshop at all.
    pub fn exists(&self) -> bool {
        self.lessons().is_dir() && self.package(Package::Exercises).is_dir()
    }

    /// A path as it is from the root, if it leads to something in the workshop.
    pub fn from_root<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// The folder of all lessons.
    pub fn lessons(&self) -> PathBuf {
        self.root.join(LESSONS)
    }

    /// The folders of the lessons, by name.
    ///
    /// # Errors
    ///
    /// What the system says when the folder of all lessons cannot be read.
    pub fn lesson_folders(&self) -> io::Result<Vec<LessonFolder>> {
        Ok(folder::folders(&self.lessons())?.into_iter().map(LessonFolder::at).collect())
    }

    /// The folder of the first lesson that has scenarios for an exercise.
    pub fn lesson_of(&self, exercise: &str) -> Option<LessonFolder> {
        let lessons = self.lesson_folders().ok()?;
        lessons.into_iter().find(|lesson| lesson.scenarios(exercise).is_dir())
    }

    /// The ids of all exercises that have scenarios, in the order of the lessons.
    pub fn exercises(&self) -> Vec<String> {
        self.lesson_folders().unwrap_or_default().iter().flat_map(LessonFolder::exercises).collect()
    }

    /// The files of the scenarios that a lesson has for an exercise, by name.
    pub fn scenarios(&self, exercise: &str) -> Vec<PathBuf> {
        self.lesson_of(exercise).map(|lesson| lesson.scenario_files(exercise)).unwrap_or_default()
    }

    /// The folder of a package.
    pub fn package(&self, package: Package) -> PathBuf {
        self.root.join(package.name())
    }

    /// The folder that holds a package's code.
    pub fn sources(&self, package: Package) -> PathBuf {
        self.root.join(package.sources(Language::default()))
    }

    /// The file that holds the code of an exercise.
    pub fn code(&self, package: Package, exercise: &str) -> PathBuf {
        self.root.join(CodeFile::of(exercise).path(package))
    }

    /// The files of an exercise, which this lesson brings along.
    pub fn files(&self, lesson: &LessonFolder, exercise: &str) -> ExerciseFiles {
        ExerciseFiles {
            code: self.code(Package::Exercises, exercise),
            starter: lesson.starter(CodeFile::of(exercise)),
            solution: self.code(Package::Solutions, exercise),
            scenarios: lesson.scenarios(exercise),
            snapshots: lesson.snapshots(exercise),
        }
    }

    /// The wrong answers that put the scenarios to the test, and the mistakes that make some.
    pub fn wrong(&self) -> Answers {
        Answers::wrong(&self.package(Package::Solutions))
    }

    /// The right answers that put the scenarios to the test, beside the solutions.
    pub fn right(&self) -> Answers {
        Answers::right(&self.package(Package::Solutions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workshop(files: &[&str]) -> (tempfile::TempDir, Layout) {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let layout = Layout::at(root.path());
        (root, layout)
    }

    #[test]
    fn scenarios_are_those_of_the_first_lesson_that_has_some_and_no_lock_file_is_one() {
        let (_root, layout) = workshop(&[
            "lessons/00-welcome/scenarios/first/a.toml",
            "lessons/00-welcome/scenarios/first/b.toml",
            "lessons/00-welcome/scenarios/first/.#b.toml",
            "lessons/00-welcome/scenarios/first/notes.md",
            "lessons/.git/scenarios/hidden/c.toml",
            "lessons/README.md",
            "lessons/01-rooms/scenarios/second/c.toml",
        ]);
        assert_eq!(layout.scenarios("first").len(), 2);
        assert!(layout.scenarios("missing").is_empty());
        assert_eq!(layout.exercises(), ["first", "second"]);
        let snapshot = layout.lesson_of("second").unwrap().snapshot("second", "c");
        assert!(snapshot.ends_with("lessons/01-rooms/snapshots/second/c.snap"), "{}", snapshot.display());
    }

    #[test]
    fn all_that_belongs_to_an_exercise_is_where_authors_are_told_to_put_it() {
        let layout = Layout::at("root");
        let lesson = LessonFolder::at("root/lessons/01-rooms");
        let files = layout.files(&lesson, "greet");
        let paths = [files.code, files.starter, files.solution, files.scenarios, files.snapshots];
        let expected = [
            "exercises/src/greet.rs",
            "lessons/01-rooms/starters/greet.rs",
            "solutions/src/greet.rs",
            "lessons/01-rooms/scenarios/greet",
            "lessons/01-rooms/snapshots/greet",
        ];
        assert_eq!(paths.map(|path| crate::shown(layout.from_root(&path))), expected);
        assert_eq!(layout.right().file("greet", "typed"), Path::new("root/solutions/right/greet/typed.rs"));
    }

    #[test]
    fn answers_are_told_from_mistakes() {
        let (_root, layout) =
            workshop(&["solutions/wrong/greet/a.rs", "solutions/wrong/greet/some.toml", "solutions/wrong/README.md"]);
        let wrong = layout.wrong();
        assert_eq!((wrong.name().as_str(), wrong.exercises().unwrap()), ("wrong", vec!["greet".to_owned()]));
        assert_eq!(wrong.files("greet"), [wrong.file("greet", "a")]);
        assert_eq!(wrong.mistakes("greet"), [wrong.to("greet").join("some.toml")]);
        assert!(layout.right().exercises().is_err());
    }

    #[test]
    fn a_workshop_has_lessons_and_exercises() {
        assert!(workshop(&["lessons/a", "exercises/b"]).1.exists());
        for one in ["lessons/a", "exercises/b", "exercises"] {
            assert!(!workshop(&[one]).1.exists(), "{one}");
        }
    }
}
