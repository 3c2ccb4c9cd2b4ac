//! The scenarios of an exercise and their expected results, as the files are now.

use std::path::{Path, PathBuf};

use layout::{LESSONS, LessonFolder, folder, shown};
use scenario::{LoadError, Script, memory::Repetitions};

use super::{
    Workshop, generation,
    key::Parts,
    order,
    source::{self, SourceError},
};

/// One scenario.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// The file.
    pub(crate) path: PathBuf,
    /// What it is made of: its file's text, or the set that it is from and its place there.
    pub(crate) text: String,
    /// Whether nobody wrote it.
    pub(crate) is_generated: bool,
    pub(crate) script: Script,
    /// What decides whether it has passed.
    pub(crate) expected: Expected,
}

/// Which scenarios leave the server's event log behind, which only an explanation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Logs {
    /// All of them.
    All,
    /// Those that somebody wrote: the others are many, and most of them pass.
    Written,
}

/// What decides whether a scenario has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The transcript in this snapshot, and the scenario's own expectations.
    Snapshot {
        path: PathBuf,
        /// The transcript; `None` if there is no snapshot.
        transcript: Option<String>,
    },
    /// The scenario's own expectations alone.
    Assertions,
}

/// Why nothing can be judged by scenarios. The mistake is in a lesson or an assertion.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaseError {
    /// There are none.
    #[error("No lesson has scenarios for `{exercise}` ({}).", of_any_lesson(exercise))]
    None { exercise: String },
    /// None has this name.
    #[error("there is no scenario `{name}`; write one of {}", names.join(", "))]
    Unknown { name: String, names: Vec<String> },
    /// Its file has no text.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The text is not a scenario.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The generated scenarios cannot be read.
    #[error(transparent)]
    Set(#[from] generation::set::SetError),
}

/// Where the scenarios of an exercise would be, for any lesson.
fn of_any_lesson(exercise: &str) -> String {
    shown(&LessonFolder::at(Path::new(LESSONS).join("*")).scenario(exercise, "*"))
}

/// The scenarios that the workshop's lessons have for an exercise: those that somebody wrote, the simplest first, and
/// behind them the generated ones.
///
/// # Errors
///
/// When there are none, or one of them cannot be read.
pub(crate) fn of(workshop: &Workshop, exercise: &str) -> Result<Vec<Case>, CaseError> {
    let written = written(workshop, exercise)?;
    Ok(written.into_iter().chain(generated(workshop, exercise)?).collect())
}

/// Those of them that somebody wrote, the simplest first.
pub(crate) fn written(workshop: &Workshop, exercise: &str) -> Result<Vec<Case>, CaseError> {
    let none = || CaseError::None { exercise: exercise.to_owned() };
    let lesson = workshop.layout.lesson_of(exercise).ok_or_else(none)?;
    let case = |(path, written): (PathBuf, Result<Written, CaseError>)| {
        let snapshot = lesson.snapshot(exercise, &folder::stem(&path));
        let transcript = transcript_in(&snapshot);
        Ok(written?.case(path, Expected::Snapshot { path: snapshot, transcript }))
    };
    let written = in_order(&lesson, exercise).into_iter().map(case).collect::<Result<Vec<_>, CaseError>>()?;
    if written.is_empty() { Err(none()) } else { Ok(written) }
}

/// The names of the scenarios that somebody wrote, the simplest first; behind them those that cannot be read.
pub(crate) fn names(workshop: &Workshop, exercise: &str) -> Vec<String> {
    let lesson = workshop.layout.lesson_of(exercise);
    lesson.iter().flat_map(|lesson| in_order(lesson, exercise)).map(|(path, _)| folder::stem(&path)).collect()
}

/// Each scenario's file and what stands in it, the simplest first.
fn in_order(lesson: &LessonFolder, exercise: &str) -> Vec<(PathBuf, Result<Written, CaseError>)> {
    let files = lesson.scenario_files(exercise).into_iter();
    let mut all: Vec<_> = files.map(|path| (path.clone(), Written::read(&path))).collect();
    all.sort_by_key(|(_, written)| written.as_ref().map_or((u32::MAX, usize::MAX), |written| written.script.place()));
    all
}

/// What stands in the file of a scenario.
struct Written {
    text: String,
    script: Script,
}

impl Written {
    fn read(path: &Path) -> Result<Self, CaseError> {
        let text = source::text_of(path)?;
        let script = Script::parse(&text, path)?;
        Ok(Self { text, script })
    }

    fn case(self, path: PathBuf, expected: Expected) -> Case {
        let Self { text, script } = self;
        Case { name: folder::stem(&path), path, text, is_generated: false, script, expected }
    }
}

/// Those of them that nobody wrote.
pub(crate) fn generated(workshop: &Workshop, exercise: &str) -> Result<Vec<Case>, CaseError> {
    let lesson = workshop.layout.lesson_of(exercise);
    let lesson = lesson.ok_or_else(|| CaseError::None { exercise: exercise.to_owned() })?;
    Ok(generation::set::cases(&lesson, exercise)?)
}

/// Those that say what is forgotten.
pub(crate) fn about_memory(workshop: &Workshop, exercise: &str) -> Result<Vec<Case>, CaseError> {
    let mut cases = written(workshop, exercise)?;
    cases.retain(|case| case.script.memory.is_some());
    Ok(cases)
}

/// The scenario with this name.
pub(crate) fn named(workshop: &Workshop, exercise: &str, name: &str) -> Result<Vec<Case>, CaseError> {
    let mut cases = of(workshop, exercise)?;
    let names: Vec<_> = cases.iter().map(|case| case.name.clone()).collect();
    cases.retain(|case| case.name == name);
    if cases.is_empty() {
        return Err(CaseError::Unknown { name: name.to_owned(), names });
    }
    Ok(cases)
}

/// The one scenario in this file, such as a learner's own assertion.
pub(crate) fn alone(path: &Path) -> Result<Vec<Case>, CaseError> {
    Ok(vec![Written::read(path)?.case(path.to_owned(), Expected::Assertions)])
}

impl Case {
    /// Adds everything that decides about a run.
    pub(crate) fn add_to(&self, parts: Parts) -> Parts {
        let parts = parts.with(&self.name).with(&self.text);
        match &self.expected {
            Expected::Snapshot { transcript: Some(transcript), .. } => parts.with("snapshot").with(transcript),
            Expected::Snapshot { transcript: None, .. } => parts.with("missing"),
            Expected::Assertions => parts.with("assertions"),
        }
    }

    pub(crate) fn ordered(&self, logs: Logs, repetitions: Repetitions) -> order::Ordered {
        let log = match logs {
            Logs::All => true,
            Logs::Written => !self.is_generated,
        };
        order::Ordered { path: self.path.clone(), script: self.script.clone(), log, repetitions }
    }
}

/// The transcript in a snapshot of insta.
pub fn transcript_in(snapshot: &Path) -> Option<String> {
    // insta opens anything, and would wait for a pipe.
    source::bytes(snapshot).ok()?;
    let snapshot = insta::Snapshot::from_file(snapshot).ok()?;
    // insta trims the end of a stored text.
    snapshot.as_text().map(|text| format!("{}\n", text.to_string().trim_end()))
}
