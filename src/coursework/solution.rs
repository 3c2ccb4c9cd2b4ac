//! The solution of an exercise is opened: once it has passed, or before, which is recorded.

use std::path::Path;

use judge::source::{self, SourceError};

use crate::progress::{ExerciseProgress, Progress};

/// What is said where the solution is not shown; how to see it all the same follows.
pub const CLOSED: &str = "The solution is shown once the exercise has passed.";

/// What is said above a solution that was not earned.
pub const OPENED: &str = "The solution was opened before the exercise had passed.";

/// The learner's file and the solution, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The learner's.
    pub learner: String,
    /// The solution.
    pub solution: String,
}

/// Whether the solution is shown to a learner who has done this in the exercise.
pub fn is_open(known: &ExerciseProgress) -> bool {
    known.passed.is_some() || known.solution_opened_at.is_some()
}

/// Opens it all the same, on record unless the exercise has passed, and says what is known then.
pub fn open(progress: &mut Progress, exercise: &str, now: u64) -> ExerciseProgress {
    progress.solution_opened(exercise, now);
    progress.exercise(exercise)
}

/// Reads both texts.
///
/// # Errors
///
/// Which file cannot be read, and why.
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
