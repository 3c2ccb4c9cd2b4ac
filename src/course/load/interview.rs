//! `interview.toml`.

use toml::Spanned;

use super::super::fields::{self, Fields};
use super::super::types::{Interview, Question};
use super::names::Unique;
use super::step::{Context, owned};

pub(super) fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Interview {
    let source = fields.text("questions").and_then(|name| context.folder.read(fields, &name));
    let questions = source.and_then(|source| {
        fields::parse(&source, context.folder.sink, "an interview", |mut fields| {
            let tables = fields.some_tables("questions", "a question");
            fields.finish();
            tables.into_iter().map(|fields| read_question(fields, context.questions)).collect()
        })
    });
    Interview { questions: questions.unwrap_or_default() }
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
