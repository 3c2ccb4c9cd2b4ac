//! Opens the solution of an exercise once it has passed, or before, which is recorded.

use std::path::Path;

use judge::source::{self, SourceError};

use crate::progress::{ExerciseProgress, Progress};

/// The sentence in place of a solution that is not shown. How to see it anyway follows.
pub const CLOSED: &str = "The solution is shown once the exercise has passed.";

/// The sentence above a solution that was opened before the exercise passed.
pub const OPENED: &str = "The solution was opened before the exercise had passed.";

/// The learner's file and the solution, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The learner's file.
    pub learner: String,
    /// The solution.
    pub solution: String,
}

/// Whether the solution is shown to a learner with this progress in the exercise.
pub fn is_open(known: &ExerciseProgress) -> bool {
    known.passed.is_some() || known.solution_opened_at.is_some()
}

/// Opens it anyway, on record unless the exercise has passed, and returns the exercise's progress.
pub fn open(progress: &mut Progress, exercise: &str, now: u64) -> ExerciseProgress {
    progress.solution_opened(exercise, now);
    progress.exercise(exercise)
}

/// Reads both texts.
///
/// # Errors
///
/// When one of the files cannot be read.
pub fn texts(learner: &Path, solution: &Path) -> Result<Texts, SourceError> {
    Ok(Texts { learner: source::text_of(learner)?, solution: source::text_of(solution)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_is_open_once_passed_or_opened_and_only_the_latter_is_on_record() {
        let mut progress = Progress::default();
        assert!(!is_open(&progress.exercise("a")));
        progress.passed("a", "", 1);
        assert!(is_open(&progress.exercise("a")));
        assert_eq!(open(&mut progress, "a", 2).solution_opened_at, None);
        let opened = open(&mut progress, "b", 2);
        assert!(is_open(&opened));
        assert_eq!(opened.solution_opened_at, Some(2));
    }
}
