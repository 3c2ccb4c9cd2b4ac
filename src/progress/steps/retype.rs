//! The saved state of a re-typing, and its report.

use std::collections::BTreeMap;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use super::super::page::{duration, line};
use super::head::Head;
use crate::course::steps::Retype;
use crate::typing::{Saved, Score};

/// The place in each re-typed text, by step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Typing(pub BTreeMap<String, Saved>);

impl Typing {
    /// The learner's saved place.
    pub fn get(&self, step: &str) -> Option<&Saved> {
        self.0.get(step)
    }

    /// Saves the learner's place.
    pub fn keep(&mut self, step: String, saved: Saved) {
        self.0.insert(step, saved);
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::progress) struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    typing: Option<Typed>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Typed {
    chunks_done: usize,
    chunks: usize,
    /// The share of keys that were right at the first try, from 0 to 1.
    accuracy: Option<f64>,
    /// The same in percent, rounded down, as on the screen.
    percent: Option<u64>,
    seconds: u64,
    pastes: u32,
}

pub(super) fn facts(retype: &Retype, step: &str, kept: &Typing) -> Facts {
    Facts { typing: kept.get(step).map(|saved| typed(saved, retype.chunks.len())) }
}

fn typed(saved: &Saved, chunks: usize) -> Typed {
    let total = saved.scores.iter().copied().fold(Score::default(), Add::add);
    Typed {
        chunks_done: saved.cursor.chunk.min(chunks),
        chunks,
        accuracy: total.accuracy(),
        percent: total.percent(),
        seconds: saved.elapsed_ms / 1000,
        pastes: saved.pastes,
    }
}

pub(super) fn blocks(head: &Head<'_>, facts: &Facts) -> Vec<String> {
    let text = facts.typing.as_ref().map_or_else(|| "Not begun.".to_owned(), in_words);
    vec![format!("### {}", line(head.title)), text]
}

fn in_words(typed: &Typed) -> String {
    let right = typed
        .percent
        .map_or_else(|| "no key yet".to_owned(), |percent| format!("{percent} % of the keys right at once"));
    let pastes = match typed.pastes {
        0 => "no paste".to_owned(),
        1 => "1 paste refused".to_owned(),
        count => format!("{count} pastes refused"),
    };
    format!(
        "{} of {} parts typed, {right}, {} of typing, {pastes}.",
        typed.chunks_done,
        typed.chunks,
        duration(typed.seconds)
    )
}
