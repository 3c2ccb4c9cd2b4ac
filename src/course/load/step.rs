//! `[[steps]]`.

use toml::Spanned;

use super::super::diagnostic::Code;
use super::super::fields::{Fields, Text};
use super::super::suggest;
use super::super::types::{Body, Compare, Exercise, ExerciseRef, Predict, Prompt, Reflect, Retype, Show, Step};
use super::folder::Folder;
use super::names::Unique;
use super::{chunks, debug, interview};

/// What a step may refer to.
pub(super) struct Context<'a> {
    pub(super) folder: &'a Folder<'a>,
    pub(super) exercises: &'a [Exercise],
    pub(super) earlier: &'a [Step],
    pub(super) notes: &'a mut Unique,
    pub(super) questions: &'a mut Unique,
}

impl Context<'_> {
    /// The exercise that `key` names, which has to be one of the lesson's.
    pub(super) fn exercise(&self, fields: &mut Fields<'_>, key: &'static str) -> Option<Text> {
        let id = fields.id(key)?;
        self.check_exercise(fields, id)
    }

    fn check_exercise(&self, fields: &Fields<'_>, id: Text) -> Option<Text> {
        let mut ids = self.exercises.iter().map(|exercise| exercise.id.as_str());
        if ids.clone().any(|known| known == id.get_ref()) {
            return Some(id);
        }
        let message = format!("this lesson has no exercise `{}`", id.get_ref());
        let help =
            suggest::help(id.get_ref(), &mut ids).unwrap_or_else(|| "declare it under `[[exercises]]`".to_owned());
        fields.error(id.span(), Code::UnknownExercise, message, help);
        None
    }
}

pub(super) fn read(mut fields: Fields<'_>, id: String, context: &mut Context<'_>) -> Step {
    let title = fields.optional_text("title").map(Spanned::into_inner);
    let sections = fields.text_or_texts("section").into_iter().map(Spanned::into_inner).collect();
    let minutes = fields.optional_count("minutes");
    let kind = fields.text("kind");
    let text = if kind.as_ref().is_some_and(|kind| kind.get_ref() == "read") {
        fields.text("text")
    } else {
        fields.optional_text("text")
    };
    let text = text.and_then(|name| context.folder.page(&fields, &name));
    let text = text.map(|source| source.text().to_owned()).unwrap_or_default();
    let show = fields.optional_text("show").and_then(|name| {
        let scenario = context.folder.read(&fields, &name)?.text().to_owned();
        Some(Show { name: name.into_inner(), scenario })
    });
    let body = kind.and_then(|kind| read_body(&mut fields, &kind, context));
    // Without a known kind there is no telling which of the other keys belong here.
    if body.is_some() {
        fields.finish();
    }
    let body = body.unwrap_or(Body::Read);
    let title = title.unwrap_or_else(|| default_title(&id, &body, context.exercises));
    let minutes = minutes.or_else(|| minutes_of_exercise(&body, context.exercises));
    Step { id, title, sections, minutes, text, show, body }
}

fn read_body(fields: &mut Fields<'_>, kind: &Text, context: &mut Context<'_>) -> Option<Body> {
    Some(match kind.get_ref().as_str() {
        "read" => Body::Read,
        "predict" => Body::Predict(predict(fields)),
        "retype" => Body::Retype(retype(fields, context)),
        "debug" => Body::Debug(debug::read(fields, context)),
        "exercise" => Body::Exercise(exercise(fields, context)),
        "compare" => Body::Compare(compare(fields, context)),
        "project" => Body::Project(exercise(fields, context)),
        "interview" => Body::Interview(interview::read(fields, context)),
        "recall" => Body::Recall(exercise(fields, context)),
        "reflect" => Body::Reflect(reflect(fields, context)),
        unknown => {
            let message = format!("there is no kind of step `{unknown}`");
            fields.error(kind.span(), Code::UnknownKind, message, suggest::help(unknown, Body::KINDS));
            return None;
        }
    })
}

fn exercise(fields: &mut Fields<'_>, context: &Context<'_>) -> ExerciseRef {
    ExerciseRef { exercise: owned(context.exercise(fields, "exercise")) }
}

fn predict(fields: &mut Fields<'_>) -> Predict {
    let question = owned(fields.text("question"));
    let choices: Vec<String> = fields.some_texts("choices").into_iter().map(Spanned::into_inner).collect();
    let why = owned(fields.text("why"));
    let mut answer = 0;
    if let Some(number) = fields.number("answer") {
        // People count from one.
        answer = (*number.get_ref() as usize).wrapping_sub(1);
        if answer >= choices.len() {
            let message = format!("there is no choice {}", number.get_ref());
            let help = format!("choices are counted from 1 to {}", choices.len());
            fields.error(number.span(), Code::BadValue, message, help);
        }
    }
    Predict { question, choices, answer, why }
}

fn retype(fields: &mut Fields<'_>, context: &Context<'_>) -> Retype {
    let exercise = fields.optional_id("exercise").and_then(|id| context.check_exercise(fields, id));
    let exercise = exercise.map(Spanned::into_inner);
    let source = fields.text("source").and_then(|name| context.folder.read(fields, &name));
    let beside = fields.optional_text("beside").and_then(|name| context.folder.read(fields, &name));
    let text = source.as_ref().map(|source| source.text().to_owned());
    let chunks = chunks::read(fields, text.as_deref());
    Retype { exercise, source: text.unwrap_or_default(), beside: beside.map(|source| source.text().to_owned()), chunks }
}

fn compare(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Compare {
    let ids = fields.ids("exercises");
    let exercises = ids.into_iter().filter_map(|id| context.check_exercise(fields, id)).map(Spanned::into_inner);
    let exercises = exercises.collect();
    let prompt = owned(fields.text("prompt"));
    Compare { exercises, prompt, note: note(fields, "note", context) }
}

fn reflect(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Reflect {
    let prompts = fields.some_tables("prompts", "a prompt").into_iter().map(|mut fields| {
        let prompt = Prompt {
            id: note(&mut fields, "id", context),
            question: owned(fields.text("question")),
            placeholder: owned(fields.optional_text("placeholder")),
        };
        fields.finish();
        prompt
    });
    Reflect { prompts: prompts.collect() }
}

fn note(fields: &mut Fields<'_>, key: &'static str, context: &mut Context<'_>) -> String {
    let id = fields.id(key);
    if let Some(id) = &id {
        context.notes.claim(fields, id, "a note");
    }
    owned(id)
}

/// The text, or nothing in its place: then its absence has been reported, and the course is not handed out.
pub(super) fn owned(text: Option<Text>) -> String {
    text.map(Spanned::into_inner).unwrap_or_default()
}

/// A step without a title is called as its exercise is, or as its id reads.
fn default_title(id: &str, body: &Body, exercises: &[Exercise]) -> String {
    if let Body::Exercise(reference) | Body::Project(reference) = body
        && let Some(exercise) = exercises.iter().find(|exercise| exercise.id == reference.exercise)
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
