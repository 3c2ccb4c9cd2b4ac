//! `kind = "reflect"`: notes to write at the end.

use super::super::fields::{Fields, owned};
use super::context::Context;
use super::kind::{Kind, Use};

/// Notes to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reflect {
    /// The notes, in order.
    pub prompts: Vec<Prompt>,
}

/// One note to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// The id of the note, unique within the course.
    pub id: String,
    /// The question above the note.
    pub question: String,
    /// Shown while nothing is written.
    pub placeholder: String,
}

impl Kind for Reflect {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        let tables = fields.some_tables("prompts", "a prompt");
        Self { prompts: tables.into_iter().map(|fields| prompt(fields, context)).collect() }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}

fn prompt(mut fields: Fields<'_>, context: &mut Context<'_>) -> Prompt {
    let prompt = Prompt {
        id: context.note(&mut fields, "id"),
        question: owned(fields.text("question")),
        placeholder: owned(fields.optional_text("placeholder")),
    };
    fields.finish();
    prompt
}
