//! The state of a re-typing that is kept between sittings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::score::Score;

/// The learner's place. Positions count from 0; `cell` counts graphemes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// The chunk; the number of chunks when all is typed.
    pub chunk: usize,
    /// The line in the chunk.
    pub line: usize,
    /// The grapheme in the line; the length of the line when only Enter is left.
    pub cell: usize,
}

/// Everything about a re-typing that outlives the program. Get it from [`Retyping::saved`](super::Retyping::saved).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Saved {
    /// Fingerprint of the text; with another text the re-typing starts from the beginning.
    pub fingerprint: String,
    /// The learner's place.
    pub cursor: Cursor,
    /// Whether the character at the cursor has been missed already.
    pub missed_here: bool,
    /// How well each chunk was typed.
    pub scores: Vec<Score>,
    /// For each expected character, the number of places where it was missed. Older programs counted each wrong key.
    pub missed: BTreeMap<String, u32>,
    /// Time spent typing.
    pub elapsed_ms: u64,
    /// Pastes that were refused.
    pub pastes: u32,
    /// Fields of a later version, kept as they are.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}
