//! Whether generated scenarios close kinds of mistakes: how many of the known wrong answers they catch alone.

use std::fs;

use layout::folder;

use crate::report::Verdict;
use crate::{CheckError, Scenarios, Subject, Workshop, check_text, mistakes};

/// A wrong answer to an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongAnswer {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
}

/// Those that stand in the package of the solutions, mistakes and files.
pub fn wrong_answers(workshop: &Workshop, exercise: &str) -> Vec<WrongAnswer> {
    let made = mistakes::of(&workshop.layout, exercise).into_iter().filter_map(|wrong| {
        let code = wrong.answer.ok()?.code;
        Some(WrongAnswer { name: wrong.name, code })
    });
    let files = workshop.layout.wrong().files(exercise).into_iter().filter_map(|file| {
        let code = fs::read_to_string(&file).ok()?;
        Some(WrongAnswer { name: folder::stem(&file), code })
    });
    made.chain(files).collect()
}

/// Whether the generated scenarios alone catch an answer.
///
/// # Errors
///
/// [`CheckError`] when the machine allows for no verdict.
pub async fn is_caught(workshop: &Workshop, exercise: &str, wrong: &WrongAnswer) -> Result<bool, CheckError> {
    let file = workshop.layout.wrong().file(exercise, &wrong.name);
    let subject = Subject { file: workshop.layout.from_root(&file), exercise };
    let report = check_text(workshop, subject, &wrong.code, Scenarios::Generated, &|_| {}).await?;
    Ok(report.scenarios.iter().any(|scenario| scenario.generated && scenario.verdict != Verdict::Passed))
}
