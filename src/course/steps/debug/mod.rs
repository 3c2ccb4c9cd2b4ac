//! `kind = "debug"`, and `bugs/<id>.toml`: bugs to plant in code that was typed before.

mod bug;

use toml::Spanned;

use crate::course::diagnostic::Code;
use crate::course::fields::{self, Fields, Text, owned};
use crate::course::names::Unique;
use crate::course::steps::context::Context;
use crate::course::steps::kind::{Kind, Use};

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

impl Kind for Debug {
    fn read(fields: &mut Fields<'_>, context: &mut Context<'_>) -> Self {
        let exercise = context.exercise(fields, "exercise");
        let example = exercise.as_ref().and_then(|id| worked_example(fields, id, context));
        let mut ids = Unique::default();
        let mut bugs = Vec::new();
        for id in fields.ids("bugs") {
            ids.claim(fields, &id, "a bug");
            bugs.extend(read_bug(fields, &id, example, context));
        }
        Self { exercise: owned(exercise), example: example.unwrap_or_default().to_owned(), bugs }
    }

    fn exercise(&self) -> Use<'_> {
        Use::File(&self.exercise)
    }
}

/// The source that an earlier step re-types for this exercise, and that the bugs are planted in.
fn worked_example<'a>(fields: &Fields<'_>, exercise: &Text, context: &'a Context<'_>) -> Option<&'a str> {
    let typed = context.examples.iter().find(|(id, _)| id == exercise.get_ref()).map(|(_, source)| source.as_str());
    if typed.is_none() {
        let message = format!(
            "no earlier step re-types `{}`, so there is no worked example to plant a bug in",
            exercise.get_ref()
        );
        let help = "put a retype step of the same exercise before this one".to_owned();
        fields.error(exercise.span(), Code::BugDoesNotFit, message, help);
    }
    // An unreadable source has been reported; no bug fits it.
    typed.filter(|source| !source.is_empty())
}

fn read_bug(fields: &Fields<'_>, id: &Text, example: Option<&str>, context: &Context<'_>) -> Option<Bug> {
    let source = context.folder.read_as(fields, id, &format!("bugs/{}.toml", id.get_ref()))?;
    fields::parse(&source, context.folder.sink, "a bug", |mut fields| {
        let bug = Bug {
            id: id.get_ref().clone(),
            title: owned(fields.text("title")),
            symptom: owned(fields.text("symptom")),
            pitfall: owned(fields.text("pitfall")),
            assertion_starter: owned(fields.text("assertion")),
            proof: owned(fields.text("proof")),
            explanation: owned(fields.text("explanation")),
            replacements: read_replacements(&mut fields, example),
        };
        fields.finish();
        bug
    })
}

fn read_replacements(fields: &mut Fields<'_>, example: Option<&str>) -> Vec<Replacement> {
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    let tables = fields.some_tables("replacements", "a replacement");
    let replacements = tables.into_iter().map(|mut fields| {
        let find = fields.text("find").map(without_carriage_returns);
        let replace = fields.verbatim("replace").map(without_carriage_returns);
        if let (Some(find), Some(example)) = (&find, example) {
            check_fit(&fields, find, example, &mut taken);
        }
        if let (Some(find), Some(replace)) = (&find, &replace)
            && find.get_ref() == replace.get_ref()
        {
            fields.error(replace.span(), Code::BugDoesNotFit, "this replacement changes nothing", None);
        }
        fields.finish();
        Replacement { find: owned(find), replace: owned(replace) }
    });
    replacements.collect()
}

fn check_fit(fields: &Fields<'_>, find: &Text, example: &str, taken: &mut Vec<std::ops::Range<usize>>) {
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
    fields.error(find.span(), Code::BugDoesNotFit, message, help);
}

fn without_carriage_returns(text: Text) -> Text {
    Spanned::new(text.span(), text.into_inner().replace("\r\n", "\n"))
}
