//! `kind = "interview"`, and the file with its questions.

use fields::{Filled, Required, Shape, Text, Value as _, table};

use super::super::names::Unique;
use super::super::reader::{Id, Reader};
use super::context::Context;
use super::kind::{Kind, Template, Use};

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

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// A file of TOML in the lesson's folder.
        questions: Required<Text>,
    }
}

table! {
    /// The file with the questions.
    struct File = "an interview" {
        /// In the order in which they are asked.
        questions: Filled<QuestionKeys>,
    }
}

table! {
    /// One question of an interview.
    struct QuestionKeys = "a question" {
        /// Unique within the lesson.
        id: Required<Id>,
        /// The question.
        question: Required<String>,
        /// A good answer, shown after the learner's own.
        model_answer: Required<String>,
        /// The points that a good answer mentions.
        points: Vec<String>,
    }
}

/// What may be written in the file with the questions.
pub(in crate::course) fn shape() -> Shape {
    File::shape()
}

impl Kind for Interview {
    type Keys = Keys;
    const TEMPLATE: Template = Template {
        keys: r#"id = "interview"
title = "Interview"
questions = "interview.toml"
"#,
        minutes: Some(5),
        files: &[(
            "interview.toml",
            r#"[[questions]]
id = "why-an-echo"
question = "What does an echo tell you about a connection?"
points = ["both directions work", "the payload survives the way", "it says nothing about other clients"]
model_answer = """
An echo shows that an event reaches the server, that a handler runs, and that an answer finds its way back to the client \
that asked. The payload comes back as it was sent, so encoding works in both directions. It says nothing about other \
clients: whether they are connected, in the right rooms, or fast enough. For that a test needs a second client, and one \
that must hear nothing.
"""
"#,
        )],
    };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        let source = keys.questions.0.and_then(|name| context.folder.read(reader, &name));
        let questions = source.and_then(|source| {
            let reader = Reader::new(&source, context.folder.sink);
            let questions = reader.read::<File>()?.questions.0;
            Some(questions.into_iter().map(|keys| question(keys, &reader, context.questions)).collect())
        });
        Self { questions: questions.unwrap_or_default() }
    }

    fn exercise(&self) -> Use<'_> {
        Use::Nothing
    }
}

fn question(keys: QuestionKeys, reader: &Reader<'_>, ids: &mut Unique) -> Question {
    Question {
        id: ids.claim(reader, keys.id, "a question"),
        question: keys.question.or_default(),
        model_answer: keys.model_answer.or_default(),
        points: keys.points,
    }
}
