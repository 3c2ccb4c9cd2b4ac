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

    /// Where the assertion about a bug is, or will be.
    pub fn path(&self, bug: &str) -> PathBuf {
        self.folder.join(format!("{bug}.toml"))
    }

    /// Writes the scenario to start with, unless a file exists. An existing file is the learner's, and so is a link,
    /// which may lead anywhere.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or the id would name a file outside the folder.
    pub fn lay_out(&self, bug: &str, scenario: &str) -> Result<(), FileError> {
        let path = self.path(bug);
        if !is_id(bug) {
            return Err(FileError::write(&path, ErrorKind::InvalidInput.into()));
        }
        match files::create(&path, scenario.as_bytes()) {
            Err(error) if error.source.kind() == ErrorKind::AlreadyExists && is_there(&path) => Ok(()),
            done => done,
        }
    }
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
            assertions.lay_out("bug", text).unwrap();
            assert_eq!(fs::read_to_string(home.path().join("assertions/bug.toml")).unwrap(), "first");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_laid_out_through_a_link_to_nowhere() {
        let home = tempfile::tempdir().unwrap();
        let (assertions, nowhere) = (Assertions::new(home.path()), home.path().join("nowhere"));
        fs::create_dir(home.path().join("assertions")).unwrap();
        std::os::unix::fs::symlink(&nowhere, assertions.path("bug")).unwrap();
        assertions.lay_out("bug", "text").unwrap();
        assert!(!nowhere.exists());
    }

    #[test]
    fn an_id_that_would_leave_the_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        assert!(Assertions::new(home.path()).lay_out("../state", "x").is_err());
        assert!(fs::read_dir(home.path()).unwrap().next().is_none());
    }
}
