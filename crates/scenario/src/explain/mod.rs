//! A failed run in words, made from the server's event log.
//!
//! The explanation says which event a client should have received, what the server did instead, when it did so, and who
//! was in which room at that moment, where rooms decide. It never says how to fix it: that is the learner's part.
//!
//! Only the first thing that went wrong is explained, because later ones may follow from it.
//!
//! - `evidence`: the facts of the log that all others need. `places`: which client was in which room. `times`: what came earlier or
//!   later, and by how much. `ends`: how connections ended. `sizes`: what is hard to see.
//! - `panics`, `unfinished`, `unmet`, `difference`, `at_the_end`: what may go wrong first.
//! - `cause`: what the server did with an event. `instead`: what it did in its place. `before`: what came before it.
//! - `words`: sentences.

mod at_the_end;
mod before;
mod cause;
mod difference;
mod ends;
mod evidence;
mod instead;
mod panics;
mod places;
mod sizes;
mod times;
mod unfinished;
mod unmet;
mod words;

use std::fmt;

use crate::run::Outcome;
use crate::transcript::Transcript;
use evidence::Evidence;
use words::{Sentences, shortened};

/// A failed run in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What went wrong first, and what the server did.
    pub text: String,
    /// The lengths of the texts that a client sent in that step, where they are hard to see. They matter only if runs
    /// without long texts are right.
    pub lengths: Option<String>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)?;
        self.lengths.iter().try_for_each(|lengths| write!(formatter, " {lengths}"))
    }
}

/// Explains a run that does not match its snapshot, or whose own assertions do not hold.
pub fn explain(outcome: &Outcome, expected: Option<&Transcript>) -> Explanation {
    let evidence = Evidence { outcome, expected };
    let findings = [
        evidence.handler_panic(),
        evidence.unmet(),
        evidence.unfinished(),
        expected.and_then(|expected| evidence.difference(expected)),
    ];
    // The earliest one; of two in the same step, the one listed first.
    let first = findings.into_iter().flatten().min_by_key(|finding| finding.step);
    let Some(Finding { step, text }) = first else {
        return Explanation { text: "the transcript differs from the expected one".to_owned(), lengths: None };
    };
    let mut sentences = Sentences::default();
    sentences.extend(evidence.panic_elsewhere(step));
    sentences.add(text);
    sentences.extend(evidence.hard_to_see(step));
    sentences.extend(evidence.held_up(step));
    Explanation { text: shortened(&sentences.to_string()), lengths: evidence.lengths(step) }
}

/// Something that went wrong, and its step.
struct Finding {
    step: usize,
    text: String,
}
