//! `kind = "debug"`, and `bugs/<id>.toml`: bugs to plant in code that was typed before.

mod bug;

use fields::{Filled, Required, Shape, Spanned, Text, Value as _, Verbatim, table};
use layout::{LessonFolder, shown};

use crate::course::diagnostic::Code;
use crate::course::names::Unique;
use crate::course::reader::{Id, Reader};
use crate::course::steps::context::Context;
use crate::course::steps::kind::{Kind, Template, Use};

pub use bug::{Bug, DoesNotFit, Replacement};

/// Bugs to plant in a worked example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debug {
    /// The exercise whose file gets the bug.
    pub exercise: String,
    /// The source that an earlier step re-types, and that the bugs are planted in.
    pub example: String,
    /// The bugs to choose from.
    pub bugs: Vec<Bug>,
}

table! {
    /// What a step of this kind says.
    pub(in crate::course) struct Keys = "a step" {
        /// The exercise whose file gets the bug, by its id. An earlier step re-types it.
        exercise: Required<Id>,
        /// The bugs to choose from, by the names of their files.
        bugs: Filled<Id>,
    }
}

table! {
    /// The file of a bug.
    struct BugKeys = "a bug" {
        /// Its name on screens.
        title: Required<String>,
        /// The symptom to watch for. It does not say the cause.
        symptom: Required<String>,
        /// The pitfall that it reproduces.
        pitfall: Required<String>,
        /// The changes of the worked example.
        replacements: Filled<ReplacementKeys>,
        /// A scenario to begin the learner's assertion with.
        assertion: Required<String>,
        /// The steps that complete it.
        proof: Required<String>,
        /// Shown when the bug is fixed.
        explanation: Required<String>,
    }
}

table! {
    /// One change of a bug.
    struct ReplacementKeys = "a replacement" {
        /// A text that stands exactly once in the worked example.
        find: Required<Text>,
        /// The text that comes instead.
        replace: Required<Spanned<Verbatim>>,
    }
}

/// What may be written in the file of a bug.
pub(in crate::course) fn shape() -> Shape {
    BugKeys::shape()
}

impl Kind for Debug {
    type Keys = Keys;
    const TEMPLATE: Template = Template {
        keys: r#"id = "debug"
title = "Plant a bug, and find it"
exercise = "@example@"
bugs = ["back-to-the-sender"]
"#,
        minutes: Some(10),
        files: &[("bugs/back-to-the-sender.toml", include_str!("bug-template.toml"))],
    };

    fn new(keys: Keys, reader: &Reader<'_>, context: &mut Context<'_>) -> Self {
        let exercise = context.exercise(reader, keys.exercise.0);
        let example = exercise.as_ref().and_then(|id| worked_example(reader, id, context));
        let mut ids = Unique::default();
        let mut bugs = Vec::new();
        for id in keys.bugs.0 {
            ids.claim(reader, Required(Some(id.clone())), "a bug");
            bugs.extend(read_bug(reader, &id.0, example, context));
        }
        let exercise = exercise.map(Text::into_inner).unwrap_or_default();
        Self { exercise, example: example.unwrap_or_default().to_owned(), bugs }
    }

    fn exercise(&self) -> Use<'_> {
        Use::File(&self.exercise)
    }
}

/// The source that an earlier step re-types for this exercise, and that the bugs are planted in.
fn worked_example<'a>(reader: &Reader<'_>, exercise: &Text, context: &'a Context<'_>) -> Option<&'a str> {
    let typed =
        context.typed.iter().find(|typed| typed.exercise == *exercise.get_ref()).map(|typed| typed.source.as_str());
    if typed.is_none() {
        let message = format!(
            "no earlier step re-types `{}`, so there is no worked example to plant a bug in",
            exercise.get_ref()
        );
        let help = "put a retype step of the same exercise before this one".to_owned();
        reader.error(exercise.span(), Code::BugDoesNotFit, message, help);
    }
    // An unreadable source has been reported; no bug fits it.
    typed.filter(|source| !source.is_empty())
}

fn read_bug(reader: &Reader<'_>, id: &Text, example: Option<&str>, context: &Context<'_>) -> Option<Bug> {
    let source = context.folder.read_as(reader, id, &shown(&LessonFolder::default().bug(id.get_ref())))?;
    let reader = Reader::new(&source, context.folder.sink);
    let keys: BugKeys = reader.read()?;
    Some(Bug {
        id: id.get_ref().clone(),
        title: keys.title.or_default(),
        symptom: keys.symptom.or_default(),
        pitfall: keys.pitfall.or_default(),
        replacements: replacements(keys.replacements.0, &reader, example),
        assertion_starter: keys.assertion.or_default(),
        proof: keys.proof.or_default(),
        explanation: keys.explanation.or_default(),
    })
}

fn replacements(keys: Vec<ReplacementKeys>, reader: &Reader<'_>, example: Option<&str>) -> Vec<Replacement> {
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    let replacements = keys.into_iter().map(|ReplacementKeys { find, replace }| {
        let find = find.0.map(|find| Spanned::new(find.span(), without_carriage_returns(find.get_ref())));
        let replace = replace.0.map(|text| Spanned::new(text.span(), without_carriage_returns(&text.get_ref().0)));
        if let (Some(find), Some(example)) = (&find, example) {
            check_fit(reader, find, example, &mut taken);
        }
        if let (Some(find), Some(replace)) = (&find, &replace)
            && find.get_ref() == replace.get_ref()
        {
            reader.error(replace.span(), Code::BugDoesNotFit, "this replacement changes nothing", None);
        }
        let owned = |text: Option<Text>| text.map(Text::into_inner).unwrap_or_default();
        Replacement { find: owned(find), replace: owned(replace) }
    });
    replacements.collect()
}

fn check_fit(reader: &Reader<'_>, find: &Text, example: &str, taken: &mut Vec<std::ops::Range<usize>>) {
    let wanted = find.get_ref();
    let message = match example.matches(wanted.as_str()).count() {
        0 => "the worked example does not contain this text".to_owned(),
        1 => {
            let start = example.find(wanted.as_str()).unwrap_or_default();
            let place = start..start + wanted.len();
            let overlaps = taken.iter().any(|other| other.start < place.end && place.start < other.end);
            taken.push(place);
            if !overlaps {
                return;
            }
            "this text overlaps with that of another replacement".to_owned()
        }
        count => format!("the worked example contains this text {count} times"),
    };
    let help = "`find` has to stand exactly once in the worked example, spaces and newlines included".to_owned();
    reader.error(find.span(), Code::BugDoesNotFit, message, help);
}

fn without_carriage_returns(text: &str) -> String {
    text.replace("\r\n", "\n")
}
