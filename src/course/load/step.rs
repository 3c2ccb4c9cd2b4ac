//! `[[steps]]`: the keys of every kind of step.

use toml::Spanned;

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::fields::{Fields, Text};
use super::super::steps::context::Context;
use super::super::steps::{Body, Read, Use};
use super::super::suggest;
use super::super::types::{Show, Step};

pub(super) fn read(mut fields: Fields<'_>, id: String, context: &mut Context<'_>) -> Step {
    let title = fields.optional_text("title").map(Spanned::into_inner);
    let sections = fields.text_or_texts("section").into_iter().map(Spanned::into_inner).collect();
    let minutes = fields.optional_count("minutes");
    let kind = fields.text("kind");
    let text = fields.optional_text("text").and_then(|name| context.folder.page(&fields, &name));
    let text = text.map(|source| source.text().to_owned()).unwrap_or_default();
    let show = fields.optional_text("show").and_then(|name| {
        let scenario = context.folder.read(&fields, &name)?.text().to_owned();
        Some(Show { name: name.into_inner(), scenario })
    });
    let body = kind.and_then(|kind| read_body(&mut fields, &kind, context));
    // Without a known kind, it is unknown which of the other keys belong here.
    if body.is_some() {
        fields.finish();
    }
    let body = body.unwrap_or_else(|| Body::Read(Read.into()));
    let title = title.unwrap_or_else(|| default_title(&id, &body, context.exercises));
    let minutes = minutes.or_else(|| minutes_of_exercise(&body, context.exercises));
    Step { id, title, sections, minutes, text, show, body }
}

fn read_body(fields: &mut Fields<'_>, kind: &Text, context: &mut Context<'_>) -> Option<Body> {
    let body = Body::read(kind.get_ref(), fields, context);
    if body.is_none() {
        let message = format!("there is no kind of step `{}`", kind.get_ref());
        let help = suggest::help(kind.get_ref(), Body::KINDS.iter().copied());
        fields.error(kind.span(), Code::UnknownKind, message, help);
    }
    body
}

/// A step without a title gets that of the exercise that is solved in it, or one made of its id.
fn default_title(id: &str, body: &Body, exercises: &[Exercise]) -> String {
    if let Use::Solve(solved) = body.uses()
        && let Some(exercise) = exercises.iter().find(|exercise| exercise.id == solved)
    {
        return exercise.title.clone();
    }
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A step that is done once an exercise has passed takes as long as that.
fn minutes_of_exercise(body: &Body, exercises: &[Exercise]) -> Option<u32> {
    let id = body.exercise_to_pass()?;
    exercises.iter().find(|exercise| exercise.id == id).map(|exercise| exercise.minutes)
}
