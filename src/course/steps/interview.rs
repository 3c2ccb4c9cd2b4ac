//! `kind = "interview"`, and the file with its questions.

use toml::Spanned;

use super::super::fields::{self, Fields, owned};
use super::super::names::Unique;
use super::context::Context;
use super::kind::{Kind, Use};

/// Questions of an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One question of an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Unique within the lesson.
    pub id: String,
    /// The question, as Markdown.
    pub question: String,
    /// A good answer, shown after the learner's own.
    pub model_answer: String,
    /// The points that a good answer mentions.
    pub points: Vec<String>,
}

impl Kind for Interview {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        let source = fields.text("questions").and_then(|name| context.folder.read(fields, &name));
        let questions = source.and_then(|source| {
            fields::parse(&source, context.folder.sink, "an interview", |mut fields| {
                let tables = fields.some_tables("questions", "a question");
                fields.finish();
                tables.into_iter().map(|fields| read_question(fields, context.questions)).collect()
            })
        });
        Self { questions: questions.unwrap_or_default() }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}

fn read_question(mut fields: Fields<'_>, ids: &mut Unique) -> Question {
    let id = fields.id("id");
    if let Some(id) = &id {
        ids.claim(&fields, id, "a question");
    }
    let question = Question {
        id: owned(id),
        question: owned(fields.text("question")),
        model_answer: owned(fields.text("model_answer")),
        points: fields.texts("points").into_iter().map(Spanned::into_inner).collect(),
    };
    fields.finish();
    question
}
