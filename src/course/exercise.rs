//! An exercise: its texts, hints and scenarios.

use std::path::PathBuf;

/// A learner's file and its scenarios.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Unique within the course.
    pub id: String,
    /// Its name on screens.
    pub title: String,
    /// The task, as Markdown; may be empty.
    pub text: String,
    /// Its hints, from a nudge to the shape of the answer.
    pub hints: Vec<String>,
    /// The scenarios that check it, by name.
    pub scenarios: Vec<ScenarioFile>,
    /// The scenario that the starter has to fail first, if its author has declared one.
    pub starter_fails: Option<String>,
    /// The estimated minutes.
    pub minutes: u32,
}

/// A scenario of an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioFile {
    /// The file's name without its extension.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}
