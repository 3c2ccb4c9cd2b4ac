//! `kind = "predict"`: a question, answered before the answer is shown.

use fields::{Filled, Required, Spanned, table};

use super::super::diagnostic::Code;
use super::super::reader::Reader;
use super::context::Context;
use super::kind::{Kind, Template, Use};

/// A question with choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predict {
    /// The question, as Markdown.
    pub question: String,
    /// The possible answers.
    pub choices: Vec<String>,
    /// The index in `choices` of the right answer, from 0. (A lesson file counts from 1.)
    pub answer: usize,
    /// Why it is right.
    pub why: String,
}

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The question, as Markdown.
        question: Required<String>,
        /// The possible answers.
        choices: Filled<String>,
        /// The right one of the choices, counted from 1.
        answer: Required<Spanned<u32>>,
        /// Why it is right.
        why: Required<String>,
    }
}

impl Kind for Predict {
    type Keys = Keys;
    const SHOWS: bool = true;
    const TEMPLATE: Template = Template {
        keys: r#"id = "who-hears-it"
title = "Predict: who hears it?"
question = "Zoe and Max are connected. Zoe sends `say`, and the server answers with `socket.emit`. Who hears it?"
choices = ["Zoe alone", "Max alone", "Both"]
answer = 1
why = "`socket.emit` reaches the client whose event is being handled, and nobody else."
show = "shows/who-hears-it.toml"
server = "@exercise@"
"#,
        minutes: Some(1),
        files: &[(
            "shows/who-hears-it.toml",
            r#"title = "Zoe alone hears the answer"
clients = ["zoe", "max"]

[[steps]]
connect = "zoe"
auth = { name = "zoe" }

[[steps]]
connect = "max"
auth = { name = "max" }

[[steps]]
emit = "say"
from = "zoe"
payload = { text = "hello" }

[[steps]]
expect = "echo"
at = "zoe"

[[steps]]
expect_none = "max"
"#,
        )],
    };

    fn new(keys: Keys, reader: &Reader<'_>, _context: &mut Context<'_>) -> Self {
        let choices = keys.choices.0;
        let answer = keys.answer.0.map_or(0, |number| index(reader, &number, choices.len()));
        Self { question: keys.question.or_default(), choices, answer, why: keys.why.or_default() }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}

/// The index from 0 of a choice that people count from 1.
fn index(reader: &Reader<'_>, number: &Spanned<u32>, choices: usize) -> usize {
    let index = (*number.get_ref() as usize).wrapping_sub(1);
    if index >= choices {
        let message = format!("there is no choice {}", number.get_ref());
        reader.error(number.span(), Code::BadValue, message, format!("choices are counted from 1 to {choices}"));
    }
    index
}
