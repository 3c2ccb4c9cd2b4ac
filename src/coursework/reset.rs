//! Puts the starter back, and keeps a copy of the code.

use std::path::Path;

use judge::source::{self, SourceError};

use crate::progress::{Backups, FileError, Replaced};

/// Why the starter is not back.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// There is no starter to put back.
    #[error("cannot read the starter {}: {}\n`git status` shows whether it is missing.", .0.path.display(), .0.problem)]
    Starter(SourceError),
    /// The file could not be replaced, or the code could not be kept.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Puts the `starter` of an exercise into its `file`.
///
/// # Errors
///
/// When there is no starter, or the learner's code cannot be kept or replaced; then it stays as it was.
pub fn reset(backups: &Backups, exercise: &str, file: &Path, starter: &Path) -> Result<Replaced, ResetError> {
    let text = source::text_of(starter).map_err(ResetError::Starter)?;
    Ok(backups.replace(exercise, file, &text)?)
}

/// The result, in a sentence about the file with this name.
pub fn in_words(file: &str, replaced: &Replaced) -> String {
    match replaced {
        Replaced::Kept(backup) => format!("{file} is the starter again. Your code is kept in {}.", backup.display()),
        Replaced::Nothing => format!("{file} was missing, and is the starter now."),
        Replaced::Same => format!("{file} is the starter already."),
    }
}

/// The same without the path of the copy, where there is no room for it: how to get the code back.
pub fn way_back(exercise: &str) -> String {
    format!("The starter is back; `rtws undo {exercise}` brings yours back.")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;

    struct Files {
        folder: TempDir,
    }

    impl Files {
        fn new(source: Option<&str>) -> Self {
            let files = Self { folder: tempfile::tempdir().unwrap() };
            fs::write(files.path("starter.rs"), "// todo\n").unwrap();
            if let Some(source) = source {
                fs::write(files.path("source.rs"), source).unwrap();
            }
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn reset(&self) -> Result<Replaced, ResetError> {
            let backups = Backups::new(&self.path("home"));
            reset(&backups, "first", &self.path("source.rs"), &self.path("starter.rs"))
        }

        fn source(&self) -> String {
            fs::read_to_string(self.path("source.rs")).unwrap()
        }
    }

    #[test]
    fn the_learners_code_is_kept() {
        let files = Files::new(Some("my code"));
        let replaced = files.reset().unwrap();
        assert!(in_words("first.rs", &replaced).starts_with("first.rs is the starter again. Your code is kept in "));
        let Replaced::Kept(backup) = replaced else { panic!() };
        assert_eq!(files.source(), "// todo\n");
        assert_eq!(fs::read_to_string(backup).unwrap(), "my code");
    }

    #[test]
    fn the_starter_itself_is_not_worth_a_copy() {
        let files = Files::new(Some("// todo\n"));
        assert_eq!(files.reset().unwrap(), Replaced::Same);
        assert!(!files.path("home").exists());
    }

    #[test]
    fn a_file_that_was_deleted_comes_back() {
        let files = Files::new(None);
        assert_eq!(files.reset().unwrap(), Replaced::Nothing);
        assert_eq!(files.source(), "// todo\n");
    }

    #[test]
    fn without_a_starter_the_code_stays_and_the_error_says_where_to_look() {
        let files = Files::new(Some("my code"));
        fs::remove_file(files.path("starter.rs")).unwrap();
        let error = files.reset().unwrap_err().to_string();
        assert!(error.ends_with("starter.rs: it is not there\n`git status` shows whether it is missing."), "{error}");
        assert_eq!(files.source(), "my code");
    }
}
