//! Plants a bug in the worked example, and removes it again.

use std::path::Path;

use judge::source::{self, SourceError};
use layout::CodeFile;

use crate::course::steps::{Bug, DoesNotFit};
use crate::progress::{Assertions, Backups, FileError, Replaced};

/// Why a bug is not planted.
#[derive(Debug, thiserror::Error)]
pub enum PlantError {
    /// The file has no text.
    #[error(transparent)]
    Unreadable(#[from] SourceError),
    /// The text is not the worked example, or no longer is.
    #[error("{} is not the worked example", CodeFile::of(exercise).name())]
    OtherCode {
        /// The exercise's id.
        exercise: String,
        /// The part of the bug that does not fit.
        source: DoesNotFit,
    },
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Puts a bug into the `file` of an exercise, keeps the earlier code, and lays out the assertion that should prove the
/// bug. Returns the code with the bug.
///
/// # Errors
///
/// When the file does not hold the worked example, or something cannot be written. The file then stays as it was.
pub fn plant(
    backups: &Backups,
    assertions: &Assertions,
    exercise: &str,
    file: &Path,
    bug: &Bug,
) -> Result<String, PlantError> {
    let text = source::text_of(file)?;
    let other_code = |source| PlantError::OtherCode { exercise: exercise.to_owned(), source };
    let planted = bug.plant(&text).map_err(other_code)?;
    assertions.lay_out(exercise, &bug.id, &bug.assertion_starter)?;
    backups.replace(exercise, file, &planted)?;
    Ok(planted)
}

/// Puts the worked example into the `file` of an exercise, which removes every bug. The earlier code is kept.
///
/// # Errors
///
/// When the file cannot be replaced, or the earlier code cannot be kept.
pub fn put_example(backups: &Backups, exercise: &str, file: &Path, example: &str) -> Result<Replaced, FileError> {
    backups.replace(exercise, file, example)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::course::Body;
    use crate::coursework::testing::course;

    /// The first bug of the course, and the example that it is planted in.
    fn first() -> (Bug, String) {
        let course = course();
        let mut steps = course.lessons.iter().flat_map(|lesson| &lesson.steps);
        let first = steps.find_map(|step| match &step.body {
            Body::Debug(debug) => Some((debug.bugs[0].clone(), debug.example.clone())),
            _ => None,
        });
        first.unwrap()
    }

    #[test]
    fn a_bug_is_planted_with_its_assertion_and_taken_out_again() {
        let home = tempfile::tempdir().unwrap();
        let (backups, assertions) = (Backups::new(home.path()), Assertions::new(home.path()));
        let (file, (bug, example)) = (home.path().join("echo.rs"), first());
        fs::write(&file, &example).unwrap();
        let planted = plant(&backups, &assertions, "echo", &file, &bug).unwrap();
        assert_ne!(planted, example);
        assert_eq!(fs::read_to_string(&file).unwrap(), planted);
        assert_eq!(fs::read_to_string(assertions.path("echo", &bug.id)).unwrap(), bug.assertion_starter);
        assert!(matches!(put_example(&backups, "echo", &file, &example), Ok(Replaced::Kept(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), example);
    }

    #[test]
    fn other_code_and_other_files_are_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let (backups, assertions) = (Backups::new(home.path()), Assertions::new(home.path()));
        let (file, (bug, example)) = (home.path().join("echo.rs"), first());
        fs::write(&file, "// mine").unwrap();
        let error = plant(&backups, &assertions, "echo", &file, &bug).unwrap_err();
        assert!(matches!(error, PlantError::OtherCode { .. }), "{error}");
        fs::write(&file, &example).unwrap();
        fs::write(home.path().join("assertions"), "in the way of the folder").unwrap();
        let error = plant(&backups, &assertions, "echo", &file, &bug).unwrap_err();
        assert!(matches!(error, PlantError::File(_)), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), example);
    }
}
