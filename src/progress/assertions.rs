//! The learner's assertions: scenarios that hold for a worked example and fail once a bug is planted in it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::files::{self, FileError};
use crate::course::is_id;

/// The folder of the assertions.
#[derive(Debug, Clone)]
pub struct Assertions {
    folder: PathBuf,
}

impl Assertions {
    /// The assertions among the learner's files in `home`.
    pub fn new(home: &Path) -> Self {
        Self { folder: home.join("assertions") }
    }

    /// Where the assertion about a bug in the code of an exercise is, or will be. Bugs of two lessons may be called alike;
    /// earlier versions had one place for both, which counts for a bug that was planted then.
    pub fn path(&self, exercise: &str, bug: &str) -> PathBuf {
        let (path, earlier) = (self.own(exercise, bug), self.folder.join(file_name(bug)));
        if is_there(&earlier) && !is_there(&path) { earlier } else { path }
    }

    fn own(&self, exercise: &str, bug: &str) -> PathBuf {
        self.folder.join(exercise).join(file_name(bug))
    }

    /// Writes the scenario to start with, unless a file exists. An existing file is the learner's, and so is a link,
    /// which may lead anywhere.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or the id would name a file outside the folder.
    pub fn lay_out(&self, exercise: &str, bug: &str, scenario: &str) -> Result<(), FileError> {
        let path = self.own(exercise, bug);
        if !is_id(exercise) || !is_id(bug) {
            return Err(FileError::write(&path, ErrorKind::InvalidInput.into()));
        }
        match files::create(&path, scenario.as_bytes()) {
            Err(error) if error.source.kind() == ErrorKind::AlreadyExists && is_there(&path) => Ok(()),
            done => done,
        }
    }
}

fn file_name(bug: &str) -> String {
    format!("{bug}.toml")
}

/// A link that leads nowhere counts, too. Something else in place of the folder is an error elsewhere.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_learner_is_not_laid_out_again() {
        let home = tempfile::tempdir().unwrap();
        let assertions = Assertions::new(home.path());
        for text in ["first", "second"] {
            assertions.lay_out("echo", "bug", text).unwrap();
            assert_eq!(fs::read_to_string(home.path().join("assertions/echo/bug.toml")).unwrap(), "first");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_laid_out_through_a_link_to_nowhere() {
        let home = tempfile::tempdir().unwrap();
        let (assertions, nowhere) = (Assertions::new(home.path()), home.path().join("nowhere"));
        fs::create_dir_all(home.path().join("assertions/echo")).unwrap();
        std::os::unix::fs::symlink(&nowhere, assertions.path("echo", "bug")).unwrap();
        assertions.lay_out("echo", "bug", "text").unwrap();
        assert!(!nowhere.exists());
    }

    #[test]
    fn an_id_that_would_leave_the_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        for (exercise, bug) in [("echo", "../state"), ("..", "state")] {
            assert!(Assertions::new(home.path()).lay_out(exercise, bug, "x").is_err());
        }
        assert!(fs::read_dir(home.path()).unwrap().next().is_none());
    }

    #[test]
    fn bugs_of_two_lessons_may_be_called_alike_and_an_earlier_file_is_still_found() {
        let home = tempfile::tempdir().unwrap();
        let assertions = Assertions::new(home.path());
        assertions.lay_out("echo", "bug", "one").unwrap();
        assertions.lay_out("relay", "bug", "two").unwrap();
        let read = |exercise| fs::read_to_string(assertions.path(exercise, "bug")).unwrap();
        assert_eq!((read("echo").as_str(), read("relay").as_str()), ("one", "two"));
        fs::write(home.path().join("assertions/other.toml"), "earlier").unwrap();
        assert_eq!(assertions.path("echo", "other"), home.path().join("assertions/other.toml"));
        assertions.lay_out("relay", "other", "three").unwrap();
        assert_eq!(fs::read_to_string(assertions.path("relay", "other")).unwrap(), "three");
    }
}
