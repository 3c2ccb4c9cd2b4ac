//! The expected transcripts of a lesson, made by its solutions.

use std::fs;
use std::io;
use std::path::PathBuf;

use judge::report::Verdict;
use judge::{CheckError, LONGEST, OnProgress, Scenarios, Subject, Workshop, check_text, expected_transcript, source};
use layout::{CodeFile, Package};
use scenario::Script;

use crate::course::{Lesson, ScenarioFile};

/// An expected transcript that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its file.
    pub path: PathBuf,
    /// What was expected before; `None` if there was no such file.
    pub before: Option<String>,
    /// What is expected from now on.
    pub now: String,
}

/// Why no transcript is written.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// There is no verdict on a solution.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// A solution does not do what a scenario itself expects, or does not run.
    #[error("the solution of `{exercise}` does not do what `{scenario}` expects\n{why}")]
    Solution {
        /// The exercise's id.
        exercise: String,
        /// The scenario's name.
        scenario: String,
        /// What is wrong.
        why: String,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The engine cuts longer texts, and half a transcript is none.
const MOST: usize = LONGEST - 2048;

/// Has the solutions of a lesson play, and writes what they lead to where something else was expected.
///
/// # Errors
///
/// When a solution does not do what a scenario itself expects (`expect` and its like); then that transcript is not written.
pub async fn write(
    workshop: &Workshop,
    lesson: &Lesson,
    on_progress: OnProgress<'_>,
) -> Result<Vec<Written>, TranscriptError> {
    let mut written = Vec::new();
    for exercise in &lesson.exercises {
        for scenario in &exercise.scenarios {
            let now = played(workshop, &exercise.id, scenario, on_progress).await?;
            let path = lesson.folder.snapshot(&exercise.id, &scenario.name);
            let before = expected_transcript(&path);
            if before.as_deref().map(str::trim_end) != Some(now.trim_end()) {
                let text = format!("---\nsource: rtws lesson transcripts\n---\n{}\n", now.trim_end());
                let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
                made.map_err(|source| TranscriptError::Write { path: path.clone(), source })?;
                written.push(Written { path, before, now });
            }
        }
    }
    Ok(written)
}

/// The transcript of the solution.
async fn played(
    workshop: &Workshop,
    exercise: &str,
    scenario: &ScenarioFile,
    on_progress: OnProgress<'_>,
) -> Result<String, TranscriptError> {
    let failed =
        |why: String| TranscriptError::Solution { exercise: exercise.to_owned(), scenario: scenario.name.clone(), why };
    let file = CodeFile::of(exercise).path(Package::Solutions);
    let text = source::text_of(&workshop.layout.root().join(&file)).map_err(|error| failed(error.to_string()))?;
    let asserts = Script::load(&scenario.path).map_err(|error| failed(error.to_string()))?.asserts();
    let subject = Subject { file: &file, exercise };
    let report = check_text(workshop, subject, &text, Scenarios::Only(&scenario.path), on_progress).await?;
    let Some(one) = report.scenarios.first() else {
        return Err(failed(report.message.unwrap_or_else(|| report.verdict.to_string())));
    };
    match &one.actual {
        Some(actual) if actual.len() >= MOST => Err(failed("its transcript is too long to be compared".to_owned())),
        Some(actual) if one.verdict == Verdict::Passed || !asserts => Ok(actual.clone()),
        Some(_) | None => Err(failed(one.explanation.clone())),
    }
}
