//! `lesson.toml`.

use std::ops::Range;

use toml::Spanned;

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::fields::{self, Fields, Text};
use super::super::folder::Folder;
use super::super::names::{Names, Unique};
use super::super::source::Source;
use super::super::steps::context::Context;
use super::super::types::{Lesson, Step};
use super::{exercise, step};

/// A lesson whose place among the others has not been checked.
pub(super) struct Draft {
    pub(super) lesson: Lesson,
    pub(super) source: Source,
    pub(super) requires: Vec<Text>,
}

pub(super) fn read(folder: &Folder<'_>, number: u32, id: &str, names: &mut Names) -> Option<Draft> {
    let source = folder.lesson_file()?;
    let (lesson, requires) = fields::parse(&source, folder.sink, "a lesson", |mut fields| {
        let requires = fields.texts("requires");
        (read_table(fields, folder, number, id, names), requires)
    })?;
    let requires_ids = requires.iter().map(|required| required.get_ref().clone()).collect();
    Some(Draft { lesson: Lesson { requires: requires_ids, ..lesson }, source, requires })
}

fn read_table(mut fields: Fields<'_>, folder: &Folder<'_>, number: u32, id: &str, names: &mut Names) -> Lesson {
    let title = fields.text("title").map(Spanned::into_inner).unwrap_or_default();
    let summary = fields.text("summary").map(Spanned::into_inner).unwrap_or_default();
    let minutes = fields.range("minutes");
    let exercises = exercise::read_all(fields.tables("exercises", "an exercise"), folder, names);
    let steps = read_steps(fields.some_tables("steps", "a step"), folder, &exercises, names);
    if let Some(minutes) = &minutes {
        warn_of_minutes_that_do_not_add_up(&fields, minutes, &steps);
    }
    fields.finish();
    Lesson {
        id: id.to_owned(),
        number,
        title,
        summary,
        minutes: minutes.map(Spanned::into_inner).unwrap_or_default(),
        requires: Vec::new(),
        steps,
        exercises,
        folder: folder.full_path(),
    }
}

fn read_steps(tables: Vec<Fields<'_>>, folder: &Folder<'_>, exercises: &[Exercise], names: &mut Names) -> Vec<Step> {
    let mut ids = Unique::default();
    let mut questions = Unique::default();
    let mut examples = Vec::new();
    let mut steps = Vec::new();
    let places: Vec<_> = tables.iter().map(|fields| (fields.source(), fields.span())).collect();
    for mut fields in tables {
        let id = fields.id("id");
        if let Some(id) = &id {
            ids.claim(&fields, id, "a step");
        }
        let (examples, notes, questions) = (&mut examples, &mut names.notes, &mut questions);
        let mut context = Context { folder, exercises, examples, notes, questions };
        steps.push(step::read(fields, id.map(Spanned::into_inner).unwrap_or_default(), &mut context));
    }
    warn_of_missing_sections(&steps, &places, folder);
    steps
}

/// A lesson in which no step names a section has no module to cover, such as the welcome.
fn warn_of_missing_sections(steps: &[Step], places: &[(&Source, Range<usize>)], folder: &Folder<'_>) {
    if steps.iter().all(|step| step.sections.is_empty()) {
        return;
    }
    for (step, (source, span)) in steps.iter().zip(places).filter(|(step, _)| step.sections.is_empty()) {
        let message = format!("the step `{}` covers no section of the module", step.id);
        let warning = source.error(span.clone(), Code::NoSection, message).warning();
        folder.sink.report(warning.help("add `section = \"…\"`, like the lesson's other steps".to_owned()));
    }
}

/// There is a sum to compare only if every step says how long it takes.
fn warn_of_minutes_that_do_not_add_up(fields: &Fields<'_>, minutes: &Spanned<[u32; 2]>, steps: &[Step]) {
    let Some(sum) = steps.iter().map(|step| step.minutes.map(u64::from)).sum::<Option<u64>>() else { return };
    let [from, to] = *minutes.get_ref();
    if steps.is_empty() || (u64::from(from)..=u64::from(to)).contains(&sum) {
        return;
    }
    let message = format!("the minutes of the steps add up to {sum}, which is outside of [{from}, {to}]");
    let warning = fields.source().error(minutes.span(), Code::MinutesDoNotAddUp, message).warning();
    fields.report(warning.help(format!("let this range hold {sum}, or change the `minutes` of steps and exercises")));
}
