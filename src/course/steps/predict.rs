//! `kind = "predict"`: a question, answered before the answer is shown.

use toml::Spanned;

use super::super::diagnostic::Code;
use super::super::fields::{Fields, owned};
use super::context::Context;
use super::kind::{Kind, Use};

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

impl Kind for Predict {
    fn read(fields: &mut Fields<'_>, _context: &mut Context<'_>) -> Self {
        let question = owned(fields.text("question"));
        let choices: Vec<String> = fields.some_texts("choices").into_iter().map(Spanned::into_inner).collect();
        let why = owned(fields.text("why"));
        let answer = fields.number("answer").map_or(0, |number| index(fields, &number, choices.len()));
        Self { question, choices, answer, why }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}

/// The index from 0 of a choice that people count from 1.
fn index(fields: &Fields<'_>, number: &Spanned<u32>, choices: usize) -> usize {
    let index = (*number.get_ref() as usize).wrapping_sub(1);
    if index >= choices {
        let message = format!("there is no choice {}", number.get_ref());
        fields.error(number.span(), Code::BadValue, message, format!("choices are counted from 1 to {choices}"));
    }
    index
}
