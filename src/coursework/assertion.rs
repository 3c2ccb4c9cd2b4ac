//! Tries the learner's assertion about a bug: it must fail on the buggy server, and hold on a correct one.

use std::path::Path;

use judge::report::Verdict;
use judge::source::{self, SourceError};
use judge::{CheckError, CheckReport, OnProgress, Package, Workshop};
use layout::CodeFile;
use scenario::{LoadError, Script};

use crate::progress::Assertions;
use crate::text::fingerprint;

/// The results of an assertion on both servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Whether it held on the buggy server.
    pub holds_on_buggy: bool,
    /// The explanation for the buggy server.
    pub on_buggy: String,
    /// Whether it held on the correct server.
    pub holds_on_correct: bool,
    /// The explanation for the correct server.
    pub on_correct: String,
}

impl Tried {
    /// Whether it tells the two apart.
    pub fn proves(&self) -> bool {
        !self.holds_on_buggy && self.holds_on_correct
    }
}

/// Why an assertion could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum TryError {
    /// The code or the assertion has no text.
    #[error(transparent)]
    Unreadable(#[from] SourceError),
    /// The learner has changed the code since the bug was planted.
    #[error("{} is no longer the buggy file. The assertion comes first", CodeFile::of(exercise).shown(Package::Exercises))]
    NotPlanted {
        /// The exercise's id.
        exercise: String,
    },
    /// The assertion is not a scenario.
    #[error(transparent)]
    Script(#[from] LoadError),
    /// It asserts nothing, so it could never fail.
    #[error("The scenario asserts nothing yet: add a step with expect, expect_none, expect_ack or expect_disconnect.")]
    AssertsNothing,
    /// There is no verdict.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// There is a verdict, but no scenario was played: the code does not compile, for example.
    #[error("{}", not_played(*verdict, message.as_deref()))]
    NotPlayed {
        /// The verdict.
        verdict: Verdict,
        /// The message of the check.
        message: Option<String>,
    },
}

fn not_played(verdict: Verdict, message: Option<&str>) -> String {
    message.map_or_else(|| verdict.to_string(), |message| format!("{verdict}\n{message}"))
}

/// Whether an assertion holds for an answer, and the explanation.
pub(super) struct Held {
    pub(super) holds: bool,
    pub(super) says: String,
}

/// Tries the assertion about a bug on the learner's file, which must still be the one with this fingerprint, and on the
/// solution. Dropping the future ends what it has started.
///
/// # Errors
///
/// When the assertion cannot be tried.
pub async fn try_on_both(
    workshop: &Workshop,
    assertions: &Assertions,
    exercise: &str,
    bug: &str,
    planted: &str,
    on_progress: OnProgress<'_>,
) -> Result<Tried, TryError> {
    let code = source::text_of(&workshop.layout.code(Package::Exercises, exercise))?;
    if fingerprint(&code) != planted {
        return Err(TryError::NotPlanted { exercise: exercise.to_owned() });
    }
    let path = assertions.path(exercise, bug);
    let script = Script::parse(&source::text_of(&path)?, &path)?;
    if !script.asserts() {
        return Err(TryError::AssertsNothing);
    }
    let buggy = hold(workshop, Package::Exercises, exercise, &path, on_progress).await?;
    let correct = hold(workshop, Package::Solutions, exercise, &path, on_progress).await?;
    Ok(Tried {
        holds_on_buggy: buggy.holds,
        on_buggy: buggy.says,
        holds_on_correct: correct.holds,
        on_correct: correct.says,
    })
}

/// Plays one scenario against the answer of a package.
pub(super) async fn hold(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    scenario: &Path,
    on_progress: OnProgress<'_>,
) -> Result<Held, TryError> {
    let report = judge::check_scenario(workshop, package, exercise, scenario, on_progress).await?;
    let Some(scenario) = report.scenarios.first() else { return Err(without_scenarios(report)) };
    Ok(Held { holds: report.verdict == Verdict::Passed, says: scenario.explanation.clone() })
}

pub(super) fn without_scenarios(report: CheckReport) -> TryError {
    TryError::NotPlayed { verdict: report.verdict, message: report.message }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The error for an assertion that is never played, in a workshop whose file holds `code`.
    async fn error(code: &str, planted: &str, assertion: &str) -> TryError {
        let root = tempfile::tempdir().unwrap();
        let (workshop, assertions) = (Workshop::at(root.path()), Assertions::new(root.path()));
        let file = workshop.layout.code(Package::Exercises, "echo");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, code).unwrap();
        assertions.lay_out("echo", "bug", assertion).unwrap();
        try_on_both(&workshop, &assertions, "echo", "bug", &fingerprint(planted), &|_| {}).await.unwrap_err()
    }

    #[tokio::test]
    async fn an_assertion_that_cannot_prove_anything_is_not_played() {
        const NOTHING: &str = "title = \"t\"\nclients = [\"ann\"]\n[[steps]]\nconnect = \"ann\"\n";
        assert!(matches!(error("fixed", "buggy", NOTHING).await, TryError::NotPlanted { .. }));
        assert!(matches!(error("buggy", "buggy", NOTHING).await, TryError::AssertsNothing));
        assert!(matches!(error("buggy", "buggy", "title = 7").await, TryError::Script(_)));
    }
}
