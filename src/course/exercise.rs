//! What an exercise is.

use std::path::PathBuf;

/// A learner's file and its scenarios.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Unique within the course.
    pub id: String,
    /// What it is called on screens.
    pub title: String,
    /// The task, as Markdown; may be empty.
    pub text: String,
    /// From a nudge to the shape of the answer.
    pub hints: Vec<String>,
    /// The scenarios that check it, by name.
    pub scenarios: Vec<ScenarioFile>,
    /// How long it takes.
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
