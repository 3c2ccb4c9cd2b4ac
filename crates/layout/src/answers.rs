//! Answers that put the scenarios to the test.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Language, folder};

const MISTAKES: &str = "toml";

/// A folder with answers to exercises, in a folder for each exercise. What is made of mistakes lies in one like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    folder: PathBuf,
}

impl Answers {
    /// The wrong ones in the folder of a package.
    pub fn wrong(package: &Path) -> Self {
        Self { folder: package.join("wrong") }
    }

    /// The right ones in the folder of a package.
    pub fn right(package: &Path) -> Self {
        Self { folder: package.join("right") }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder's name: `wrong` or `right`.
    pub fn name(&self) -> String {
        folder::stem(&self.folder)
    }

    /// The ids of the exercises with such answers, by name.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn exercises(&self) -> io::Result<Vec<String>> {
        Ok(folder::folders(&self.folder)?.iter().map(|path| folder::stem(path)).collect())
    }

    /// The folder of the answers to an exercise.
    pub fn to(&self, exercise: &str) -> PathBuf {
        self.folder.join(exercise)
    }

    /// The answer to an exercise that has this name.
    pub fn file(&self, exercise: &str, name: &str) -> PathBuf {
        self.to(exercise).join(Language::default().file_name(name))
    }

    /// The answers to an exercise that are files, by name.
    pub fn files(&self, exercise: &str) -> Vec<PathBuf> {
        Language::files_in(&self.to(exercise))
    }

    /// The files with mistakes, each of which makes a right answer to an exercise wrong, by name.
    pub fn mistakes(&self, exercise: &str) -> Vec<PathBuf> {
        folder::files(&self.to(exercise), MISTAKES)
    }
}
