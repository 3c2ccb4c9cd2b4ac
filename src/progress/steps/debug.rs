//! The saved state of a debug step, and its report.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::page::line;
use super::head::Head;
use crate::course::steps::Debug;
use crate::text::fingerprint;

/// The progress of each debug step, by step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debugging(pub BTreeMap<String, DebugProgress>);

/// How far the learner is with a planted bug.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebugStage {
    /// It is planted; the learner watches what goes wrong.
    #[default]
    Observing,
    /// The learner writes an assertion that fails because of it.
    Asserting,
    /// The assertion proves the bug; the learner fixes the code.
    Fixing,
    /// The code is fixed.
    Fixed,
}

/// A debug step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DebugProgress {
    /// The bug that is planted, or was last.
    pub bug: String,
    /// How far the learner is with it.
    pub stage: DebugStage,
    /// The [`fingerprint`](crate::text::fingerprint) of the code with the bug in it.
    pub planted: String,
    /// All bugs that were fixed in this step.
    pub fixed: BTreeSet<String>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Debugging {
    /// How far the learner is in this step, once a bug has been planted.
    pub fn get(&self, step: &str) -> Option<&DebugProgress> {
        self.0.get(step)
    }

    /// A bug was planted; `code` is the file with the bug in it.
    pub fn plant(&mut self, step: &str, bug: &str, code: &str) {
        let debug = self.0.entry(step.to_owned()).or_default();
        bug.clone_into(&mut debug.bug);
        debug.stage = DebugStage::Observing;
        debug.planted = fingerprint(code);
    }

    /// The learner is further with the planted bug, or back at an earlier stage. Without a bug this does nothing.
    pub fn reach(&mut self, step: &str, stage: DebugStage) {
        if let Some(debug) = self.0.get_mut(step) {
            debug.stage = stage;
            if stage == DebugStage::Fixed {
                debug.fixed.insert(debug.bug.clone());
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::progress) struct Facts {
    debug: Bugs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Bugs {
    /// The titles of the bugs that were fixed.
    fixed: Vec<String>,
    /// How many there are to choose from.
    bugs: usize,
}

pub(super) fn facts(debug: &Debug, step: &str, kept: &Debugging) -> Facts {
    let fixed = |id: &String| kept.get(step).is_some_and(|known| known.fixed.contains(id));
    let titles = debug.bugs.iter().filter(|bug| fixed(&bug.id)).map(|bug| bug.title.clone());
    Facts { debug: Bugs { fixed: titles.collect(), bugs: debug.bugs.len() } }
}

pub(super) fn blocks(head: &Head<'_>, facts: &Facts) -> Vec<String> {
    let Bugs { fixed, bugs } = &facts.debug;
    let mut blocks = vec![format!("### {}", line(head.title)), format!("{} of {bugs} bugs fixed.", fixed.len())];
    let titles: Vec<_> = fixed.iter().map(|title| format!("- {}", line(title))).collect();
    blocks.extend((!titles.is_empty()).then(|| titles.join("\n")));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_bugs_are_remembered_when_the_next_is_planted() {
        let mut debugging = Debugging::default();
        debugging.reach("rooms/debug", DebugStage::Fixing);
        assert!(debugging.0.is_empty());
        debugging.plant("rooms/debug", "trusts-payload", "buggy");
        debugging.reach("rooms/debug", DebugStage::Fixed);
        debugging.plant("rooms/debug", "broadcast-to-everyone", "buggier");
        let debug = &debugging.0["rooms/debug"];
        assert_eq!((debug.bug.as_str(), debug.stage), ("broadcast-to-everyone", DebugStage::Observing));
        assert!(debug.fixed.contains("trusts-payload"));
    }
}
