//! What an answer does that a check did not expect of it.

use std::io;
use std::path::PathBuf;

use super::header::HeaderError;
use crate::report::Verdict;
use crate::trials::NoReport;

/// Why the test of an answer fails.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unexpected {
    /// Nobody knows how it does, because there is no verdict.
    #[error(transparent)]
    NoReport(#[from] NoReport),
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// A wrong answer does not say what is wrong with it.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A right answer does not pass.
    #[error("{verdict}\n{message}\n{}", scenarios.join("\n"))]
    Fails {
        verdict: Verdict,
        message: String,
        /// Those that fail, in words.
        scenarios: Vec<String>,
    },
    /// The scenario that is to catch a wrong answer was not played: it does not exist, or there is no program.
    #[error("{0}")]
    NotPlayed(String),
    /// The scenario that is to catch a wrong answer does not.
    #[error("`{fails}` passes, but should fail: {says}\nScenarios that fail: {}", or_none(failing))]
    Passes {
        fails: String,
        says: String,
        /// The names of those that do catch it.
        failing: Vec<String>,
    },
    /// The scenario catches it, for another reason.
    #[error("the explanation does not say `{words}`. It says:\n{explanation}")]
    OtherWords { words: String, explanation: String },
    /// The first scenario that fails does not say what a reader of the page looks for.
    #[error("a reader looks for {}, and `{scenario}`, the first that fails, says:\n{explanation}", either(words))]
    NotForReaders { words: Vec<String>, scenario: String, explanation: String },
    /// Any of these, about an answer that is a file.
    #[error("{}: {error}", file.display())]
    InFile { file: PathBuf, error: Box<Unexpected> },
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() { "none does".to_owned() } else { names.join(", ") }
}

fn either(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(" or ")
}
