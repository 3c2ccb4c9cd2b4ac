//! What the file with an exercise's code is called.

use std::path::{Path, PathBuf};

use crate::{Language, Package, is_id, shown};

/// The file that holds the code of an exercise. Starter, solution and the learner's own file have the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeFile<'a> {
    /// The exercise's id.
    pub exercise: &'a str,
    /// What the code is written in.
    pub language: Language,
}

impl<'a> CodeFile<'a> {
    /// The file of the exercise with this id.
    pub fn of(exercise: &'a str) -> Self {
        Self { exercise, language: Language::default() }
    }

    /// What a file holds by its name; nothing where that is not the name of an exercise's code: editors keep swap files,
    /// lock files and backups beside it.
    pub fn named(path: &'a Path) -> Option<Self> {
        let language = Language::of(path)?;
        let exercise = path.file_stem()?.to_str()?;
        is_id(exercise).then_some(Self { exercise, language })
    }

    /// Whether an exercise may be called like this: its file lies where cargo looks for programs and libraries.
    pub fn may_be(exercise: &str) -> bool {
        !["main", "lib"].contains(&exercise)
    }

    /// Its name.
    pub fn name(self) -> String {
        self.language.file_name(self.exercise)
    }

    /// Where a package has it, as a path from the workshop's root.
    pub fn path(self, package: Package) -> PathBuf {
        package.sources(self.language).join(self.name())
    }

    /// The file through which editors know the learner's own, as a path from the workshop's root.
    pub fn for_editors(self) -> PathBuf {
        Path::new(Package::Exercises.name()).join("benches").join(self.name())
    }

    /// [`CodeFile::path`] for a message, alike on every system.
    pub fn shown(self, package: Package) -> String {
        shown(&self.path(package))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_an_exercise_is_found_again_by_its_name() {
        let file = CodeFile::of("join-project");
        assert_eq!(
            (file.name().as_str(), file.shown(Package::Exercises).as_str()),
            ("join-project.rs", "exercises/src/join-project.rs")
        );
        assert_eq!(CodeFile::named(&file.path(Package::Solutions)), Some(file));
    }

    #[test]
    fn what_lies_beside_the_exercises_is_none() {
        for name in [".greet.rs.swp", "greet.rs~", "#greet.rs#", ".#greet.rs", "4913", "greet.rs.orig", "greet.md"] {
            assert_eq!(CodeFile::named(Path::new(name)), None, "{name}");
        }
        for name in ["-greet.rs", "greet-.rs", "a--b.rs", "Greet.rs", "a b.rs", ".rs"] {
            assert_eq!(CodeFile::named(Path::new(name)), None, "{name}");
        }
    }
}
