//! `kind = "reflect"`: notes to write at the end.

use fields::{Filled, Required, table};

use super::super::reader::{Id, Reader};
use super::context::Context;
use super::kind::{Kind, Template, Use};

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

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The notes to write, in order.
        prompts: Filled<PromptKeys>,
    }
}

table! {
    /// One note to write.
    pub(in crate::course) struct PromptKeys = "a prompt" {
        /// The id of the note, unique in the whole course.
        id: Required<Id>,
        /// The question.
        question: Required<String>,
        /// Shown while nothing is written.
        placeholder: Option<String>,
    }
}

impl Kind for Reflect {
    type Keys = Keys;
    const TEMPLATE: Template = Template {
        keys: r#"id = "exit"
title = "What you take along"
prompts = [{ id = "@short@-next", question = "Where will you use this first?" }]
"#,
        minutes: Some(2),
        files: &[],
    };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        let prompt = |keys: PromptKeys| Prompt {
            id: context.note(reader, keys.id),
            question: keys.question.or_default(),
            placeholder: keys.placeholder.unwrap_or_default(),
        };
        Self { prompts: keys.prompts.0.into_iter().map(prompt).collect() }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}
