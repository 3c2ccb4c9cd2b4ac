//! What takes a build to find out about a lesson: whether its answers, bugs and shows do what they should.
//!
//! | file | tries |
//! |---|---|
//! | `answers` | starters, solutions, right and wrong answers of an exercise |
//! | `bugs` | bugs, each with its proof |
//! | `shows` | shows, each on its own server |
//! | `format` | whether rustfmt would change a file |

mod answers;
mod bugs;
mod format;
mod shows;

use std::path::Path;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use judge::report::{ScenarioReport, Verdict};
use judge::{BuildError, CheckError, CheckReport, Workshop, checks_at_a_time};

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
type Trial<'a> = BoxFuture<'a, Result<Vec<Diagnostic>, FullError>>;

/// How many things were tried, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// So many are done.
    pub done: usize,
    /// So many there are.
    pub of: usize,
}

/// A lesson that is tried.
struct Subject<'a> {
    workshop: &'a Workshop,
    lesson: &'a Lesson,
}

/// Tries everything in these lessons, as many things at the same time as the machine can take.
///
/// # Errors
///
/// If something has no verdict, through no fault of the lessons.
pub async fn check(
    workshop: &Workshop,
    lessons: &[&Lesson],
    on_progress: &(dyn Fn(Tried) + Sync),
) -> Result<Vec<Diagnostic>, FullError> {
    judge::prepare(workshop, &|_| {}).await?;
    let subjects: Vec<_> = lessons.iter().map(|lesson| Subject { workshop, lesson }).collect();
    let trials: Vec<_> = subjects.iter().flat_map(Subject::trials).collect();
    let mut tried = Tried { done: 0, of: trials.len() };
    on_progress(tried);
    let mut running = stream::iter(trials).buffered(checks_at_a_time());
    let mut found = Vec::new();
    while let Some(result) = running.next().await {
        found.extend(result?);
        tried.done += 1;
        on_progress(tried);
    }
    found.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    Ok(found)
}

impl Subject<'_> {
    fn trials(&self) -> Vec<Trial<'_>> {
        let mut trials = answers::trials(self);
        trials.extend(bugs::trials(self));
        trials.extend(shows::trials(self));
        trials
    }

    fn error(&self, file: &Path, code: Code, message: impl Into<String>) -> Diagnostic {
        let mut diagnostic = Diagnostic::about(file, code, message);
        diagnostic.lesson = Some(self.lesson.folder_name());
        diagnostic
    }
}

/// The first scenario that a check did not pass.
fn first_failure(report: &CheckReport) -> Option<&ScenarioReport> {
    report.scenarios.iter().find(|scenario| scenario.verdict != Verdict::Passed)
}

/// Why a check did not pass.
fn why(report: &CheckReport) -> String {
    let of_scenario = first_failure(report).map(|it| format!("`{}`: {}", it.name, it.explanation));
    of_scenario.or_else(|| report.message.clone()).unwrap_or_else(|| report.verdict.to_string())
}
