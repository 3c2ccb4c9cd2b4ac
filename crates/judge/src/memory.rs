//! Earlier verdicts, by everything that decides about one: the answer's text, the libraries, the compiler and its
//! flags, the scenarios, the snapshots, the limits, and the code that compares and explains.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::report::{ScenarioReport, Verdict};
use super::{
    Limits, Workshop,
    cases::Case,
    cut::shorten,
    diagnostics::{CompilerText, Location},
    key::{Key, Parts},
    store,
};

/// How many verdicts are kept.
const MOST_VERDICTS: usize = 2000;

/// The part of a check that is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) verdict: Verdict,
    pub(crate) scenarios: Vec<ScenarioReport>,
    pub(crate) message: Option<String>,
    /// As a path from the workshop's root.
    pub(crate) location: Option<Location>,
    pub(crate) warnings: Option<CompilerText>,
}

impl Remembered {
    /// Cuts each text of an answer or a compiler. Everything that is shown of a check is in here.
    pub(crate) fn within_bounds(mut self) -> Self {
        let (text, likely) = self.warnings.as_mut().map(|it| (&mut it.text, it.likely.as_mut())).unzip();
        let (message, likely) = (self.message.as_mut(), likely.flatten());
        let of_scenarios = self.scenarios.iter_mut().flat_map(|it| {
            let ScenarioReport { title, explanation, expected, actual, printed, .. } = it;
            [Some(title), Some(explanation), expected.as_mut(), actual.as_mut(), printed.as_mut()]
        });
        of_scenarios.chain([message, text, likely]).flatten().for_each(shorten);
        self
    }
}

/// The key of a verdict on an answer.
pub(crate) fn key(answer: &Key, cases: &[Case], limits: Limits) -> Key {
    let parts = Parts::new("verdict").with(env!("COMPARING_SOURCES")).with(answer.as_str());
    // The limits decide, too: they alone tell a slow program from one that never ends.
    let parts = parts.with(format!("{limits:?} {}", harness::limits::MEMORY));
    cases.iter().fold(parts, |parts, case| case.add_to(parts)).key()
}

/// The earlier verdict with this key, if there is one.
pub(crate) fn recall(workshop: &Workshop, key: &Key) -> Option<Remembered> {
    let place = place(workshop, key);
    let remembered = serde_json::from_slice(&fs::read(&place).ok()?).ok()?;
    store::touch(&place);
    Some(remembered)
}

/// Keeps a verdict. A failure only costs time when the same is checked again.
pub(crate) fn remember(workshop: &Workshop, key: &Key, remembered: &Remembered) {
    if !is_lasting(remembered) {
        return;
    }
    let place = place(workshop, key);
    let Ok(text) = serde_json::to_vec(remembered) else { return };
    match (store::write(workshop, &place, &text), place.parent()) {
        (Err(error), _) => warn!(%error, place = %place.display(), "a verdict is not kept"),
        (Ok(()), Some(folder)) => store::prune(folder, MOST_VERDICTS, &place),
        (Ok(()), None) => {}
    }
}

/// Whether the verdict would be the same again. A program that was stopped by a limit, or crashed, may pass another
/// time.
fn is_lasting(remembered: &Remembered) -> bool {
    let verdicts = remembered.scenarios.iter().map(|scenario| scenario.verdict);
    verdicts.chain([remembered.verdict]).all(|verdict| match verdict {
        Verdict::Passed | Verdict::Failed | Verdict::CompileError => true,
        Verdict::TimedOut
        | Verdict::OutOfMemory
        | Verdict::Crashed
        | Verdict::ExitedEarly
        | Verdict::Stale
        | Verdict::Unreadable
        | Verdict::CourseError => false,
    })
}

fn place(workshop: &Workshop, key: &Key) -> PathBuf {
    workshop.store().join("verdicts").join(format!("{key}.json"))
}
