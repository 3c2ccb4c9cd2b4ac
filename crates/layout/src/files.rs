//! All that belongs to one exercise.

use std::path::PathBuf;

/// Where the files of an exercise are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExerciseFiles {
    /// The learner's file.
    pub code: PathBuf,
    /// What the learner's file was at first.
    pub starter: PathBuf,
    /// The solution to compare with.
    pub solution: PathBuf,
    /// The folder of the scenarios that check it.
    pub scenarios: PathBuf,
    /// The folder of the expected transcripts.
    pub snapshots: PathBuf,
}
