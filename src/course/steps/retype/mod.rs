//! `kind = "retype"`: a worked example, typed again chunk by chunk.

mod chunks;

use toml::Spanned;

use crate::course::fields::Fields;
use crate::course::steps::context::Context;
use crate::course::steps::kind::{Kind, Use};

pub use chunks::Chunk;

/// A worked example to type again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retype {
    /// The exercise whose file the typed text goes to; `None` if it is typed only for practice.
    pub exercise: Option<String>,
    /// The whole worked example.
    pub source: String,
    /// The same in another language, to show instead of it.
    pub beside: Option<String>,
    /// The source in pieces: joined, they are exactly `source`.
    pub chunks: Vec<Chunk>,
}

impl Kind for Retype {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        let exercise = fields.optional_id("exercise").and_then(|id| context.check_exercise(fields, id));
        let exercise = exercise.map(Spanned::into_inner);
        let source = fields.text("source").and_then(|name| context.folder.read(fields, &name));
        let beside = fields.optional_text("beside").and_then(|name| context.folder.read(fields, &name));
        let text = source.map(|source| source.text().to_owned());
        let chunks = chunks::read(fields, text.as_deref());
        let source = text.unwrap_or_default();
        context.examples.extend(exercise.iter().map(|exercise| (exercise.clone(), source.clone())));
        Self { exercise, source, beside: beside.map(|source| source.text().to_owned()), chunks }
    }

    fn exercise(&self) -> Use<'_> {
        self.exercise.as_deref().map_or(Use::Nothing, Use::File)
    }
}
