//! `[[steps]]`: the keys of every kind of step.

use std::num::NonZeroU32;
use std::ops::Range;

use fields::shape::{Choice, Written};
use fields::{Item, OneOrMany, Required, Shape, Table, Text, Value, suggest, table};

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::names::Unique;
use super::super::reader::{Id, Reader};
use super::super::steps::context::Context;
use super::super::steps::{Body, KindKeys, Read, Use};
use super::super::types::Step;
use super::show;

table! {
    /// What a step of every kind may say.
    pub(super) struct Common = "a step" {
        /// Unique within the lesson.
        id: Required<Id>,
        /// The kind of the step.
        kind: Required<Text>,
        /// Its name on screens. Without it, the title of the exercise that is solved in it, or its id in words.
        title: Option<String>,
        /// The section of the module that it covers, or several.
        section: Option<OneOrMany<String>>,
        /// How long it takes. Without it, as long as the exercise that has to pass.
        minutes: Option<NonZeroU32>,
        /// A page to show, a file of Markdown in the lesson's folder.
        text: Option<Text>,
        /// A scenario that the learner may have played, a file in the lesson's folder.
        show: Option<Text>,
        /// The program that it is played on, if it is not the lesson's.
        server: Option<Text>,
    }
}

/// A step, as it is written.
pub(super) struct Keys {
    pub(super) span: Range<usize>,
    common: Common,
    /// None if the kind is not known.
    kind: Option<KindKeys>,
}

impl Value for Keys {
    const IS_TABLE: bool = true;

    fn shape() -> Shape {
        Shape::OneOf(KindKeys::written().into_iter().map(of_kind).collect())
    }

    fn read(item: Item<'_>) -> Option<Self> {
        let mut fields = item.fields(Common::WHAT)?;
        let common = Common::from_fields(&mut fields);
        let kind = common.kind.0.as_ref().and_then(|kind| KindKeys::read(kind.get_ref(), &mut fields));
        // Without a known kind, it is unknown which of the other keys belong here.
        if kind.is_some() {
            fields.finish();
        }
        Some(Self { span: item.span(), common, kind })
    }
}

/// The table of a step of one kind, which has the keys of every kind and its own.
fn of_kind((kind, own): (&'static str, Vec<Written>)) -> Shape {
    let mut all = Common::written();
    for written in &mut all {
        if written.key.name == "kind" {
            written.shape = Shape::Choice(vec![Choice::Text(kind)]);
        }
    }
    // A kind may demand a key that is only allowed otherwise.
    all.retain(|common| own.iter().all(|written| written.key.name != common.key.name));
    all.extend(own);
    Shape::Table(all)
}

impl Keys {
    /// What the step says of its show, which is read once all steps are.
    pub(super) fn take_show(&mut self) -> show::Keys {
        show::Keys { show: self.common.show.take(), server: self.common.server.take() }
    }
}

/// The step with these keys, without its show.
pub(super) fn new(keys: Keys, ids: &mut Unique, reader: &Reader<'_>, context: &mut Context<'_>) -> Step {
    let Keys { common: keys, kind, span: _ } = keys;
    let id = ids.claim(reader, keys.id, "a step");
    let text = keys.text.and_then(|name| context.folder.page(reader, &name));
    let body = body(keys.kind.0, kind, reader, context).unwrap_or_else(|| Body::Read(Read.into()));
    Step {
        title: keys.title.unwrap_or_else(|| default_title(&id, &body, context.exercises)),
        id,
        sections: keys.section.unwrap_or_default().0,
        minutes: keys.minutes.map(NonZeroU32::get).or_else(|| minutes_of_exercise(&body, context.exercises)),
        text: text.map(|source| source.text().to_owned()).unwrap_or_default(),
        show: None,
        body,
    }
}

fn body(spelled: Option<Text>, keys: Option<KindKeys>, reader: &Reader<'_>, context: &mut Context<'_>) -> Option<Body> {
    if let Some(keys) = keys {
        return Some(Body::new(keys, reader, context));
    }
    let kind = spelled?;
    let help = suggest::help(kind.get_ref(), Body::KINDS.iter().copied());
    reader.error(kind.span(), Code::UnknownKind, format!("there is no kind of step `{}`", kind.get_ref()), help);
    None
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
