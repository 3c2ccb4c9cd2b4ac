//! A lesson that is tried, and what is said about it.

use std::path::Path;

use futures_util::future::BoxFuture;
use judge::report::{ScenarioReport, Verdict};
use judge::{BuildError, CheckError, CheckReport, Workshop};

use crate::course::{Code, Diagnostic, Lesson};

/// Why lessons cannot be tried. The lessons are not at fault.
#[derive(Debug, thiserror::Error)]
pub enum FullError {
    /// The libraries cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// An answer has no verdict.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// A scenario cannot be handed to the engine.
    #[error("cannot write a file for the engine: {0}")]
    Write(#[from] std::io::Error),
}

/// One thing to try, and what is wrong with it.
pub(super) type Trial<'a> = BoxFuture<'a, Result<Vec<Diagnostic>, FullError>>;

/// A lesson that is tried.
pub(super) struct Subject<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) lesson: &'a Lesson,
}

impl Subject<'_> {
    pub(super) fn error(&self, file: &Path, code: Code, message: impl Into<String>) -> Diagnostic {
        let mut diagnostic = Diagnostic::about(file, code, message);
        diagnostic.lesson = Some(self.lesson.folder_name());
        diagnostic
    }
}

/// The first scenario that a check did not pass.
pub(super) fn first_failure(report: &CheckReport) -> Option<&ScenarioReport> {
    report.scenarios.iter().find(|scenario| scenario.verdict != Verdict::Passed)
}

/// Why a check did not pass.
pub(super) fn why(report: &CheckReport) -> String {
    let of_scenario = first_failure(report).map(|it| format!("`{}`: {}", it.name, it.explanation));
    of_scenario.or_else(|| report.message.clone()).unwrap_or_else(|| report.verdict.to_string())
}
