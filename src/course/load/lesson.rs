//! `lesson.toml`.

use std::ops::Range;

use fields::{Filled, Required, Shape, Spanned, Text, Value as _, table};
use layout::LessonFolder;

use super::super::diagnostic::Code;
use super::super::exercise::Exercise;
use super::super::folder::Folder;
use super::super::names::{Names, Unique};
use super::super::reader::Reader;
use super::super::source::Source;
use super::super::steps::context::Context;
use super::super::types::{Lesson, Step};
use super::show::Shows;
use super::{exercise, step};

/// A lesson whose place among the others has not been checked.
pub(super) struct Draft {
    pub(super) lesson: Lesson,
    pub(super) source: Source,
    pub(super) requires: Vec<Text>,
}

table! {
    /// `lesson.toml`, as it is written.
    struct Keys = "a lesson" {
        /// Its name on screens.
        title: Required<String>,
        /// Its subject, in a sentence.
        summary: Required<String>,
        /// How long it takes, from and to.
        minutes: Required<Spanned<[u32; 2]>>,
        /// The program that its shows are played on: a file in the lesson's folder, or the id of an exercise, whose
        /// solution it then is. Without it, the first source that is re-typed for an exercise.
        server: Option<Text>,
        /// Lessons to do before, by their ids.
        requires: Vec<Text>,
        /// The exercises that its steps use.
        exercises: Vec<exercise::Keys>,
        /// The steps, in order.
        steps: Filled<step::Keys>,
    }
}

/// What may be written in the file.
pub(super) fn shape() -> Shape {
    Keys::shape()
}

pub(super) fn read(folder: &Folder<'_>, number: u32, id: &str, names: &mut Names) -> Option<Draft> {
    let source = folder.lesson_file()?;
    let reader = Reader::new(&source, folder.sink);
    let keys: Keys = reader.read()?;
    let requires = keys.requires;
    let exercises = exercise::all(keys.exercises, &reader, folder, names);
    let steps = steps(keys.steps.0, keys.server, &reader, folder, &exercises, names);
    warn_of_unused_exercises(&steps, &exercises, &source, &reader);
    if let Some(minutes) = &keys.minutes.0 {
        warn_of_minutes_that_do_not_add_up(&reader, minutes, &steps);
    }
    let lesson = Lesson {
        id: id.to_owned(),
        number,
        title: keys.title.or_default(),
        summary: keys.summary.or_default(),
        minutes: keys.minutes.0.map(Spanned::into_inner).unwrap_or_default(),
        requires: requires.iter().map(|required| required.get_ref().clone()).collect(),
        steps,
        exercises,
        folder: LessonFolder::at(folder.full_path()),
    };
    Some(Draft { lesson, source, requires })
}

fn steps(
    mut keys: Vec<step::Keys>,
    server: Option<Text>,
    reader: &Reader<'_>,
    folder: &Folder<'_>,
    exercises: &[Exercise],
    names: &mut Names,
) -> Vec<Step> {
    let spans: Vec<_> = keys.iter().map(|keys| keys.span.clone()).collect();
    let (mut ids, mut questions, mut typed) = (Unique::default(), Unique::default(), Vec::new());
    let (typed, notes, questions) = (&mut typed, &mut names.notes, &mut questions);
    let mut context = Context { folder, exercises, typed, notes, questions };
    let shows = keys.iter_mut().map(step::Keys::take_show).collect();
    let mut steps: Vec<_> = keys.into_iter().map(|keys| step::new(keys, &mut ids, reader, &mut context)).collect();
    let typed = std::mem::take(context.typed);
    Shows { reader, folder, exercises, server, typed }.give(&mut steps, shows);
    warn_of_missing_sections(&steps, &spans, reader);
    steps
}

/// A lesson in which no step names a section has no module to cover, such as the welcome.
fn warn_of_missing_sections(steps: &[Step], spans: &[Range<usize>], reader: &Reader<'_>) {
    if steps.iter().all(|step| step.sections.is_empty()) {
        return;
    }
    for (step, span) in steps.iter().zip(spans).filter(|(step, _)| step.sections.is_empty()) {
        let message = format!("the step `{}` covers no section of the module", step.id);
        let help = "add `section = \"…\"`, like the lesson's other steps".to_owned();
        reader.warning(span.clone(), Code::NoSection, message, help);
    }
}

/// Learners never see an exercise that no step uses.
fn warn_of_unused_exercises(steps: &[Step], exercises: &[Exercise], source: &Source, reader: &Reader<'_>) {
    for exercise in exercises {
        let uses = |step: &Step| step.body.exercise() == Some(exercise.id.as_str());
        let key = format!("\"{}\"", exercise.id);
        let place = source.text().rfind(&key).map_or(0..0, |at| at..at + key.len());
        if !steps.iter().any(uses) {
            let message = format!("no step uses the exercise `{}`", exercise.id);
            reader.warning(place, Code::UnknownExercise, message, "add a step, or remove the exercise".to_owned());
        }
    }
}

/// There is a sum to compare only if every step says how long it takes.
fn warn_of_minutes_that_do_not_add_up(reader: &Reader<'_>, minutes: &Spanned<[u32; 2]>, steps: &[Step]) {
    let Some(sum) = steps.iter().map(|step| step.minutes.map(u64::from)).sum::<Option<u64>>() else { return };
    let [from, to] = *minutes.get_ref();
    if steps.is_empty() || (u64::from(from)..=u64::from(to)).contains(&sum) {
        return;
    }
    let message = format!("the minutes of the steps add up to {sum}, which is outside of [{from}, {to}]");
    let help = format!("let this range hold {sum}, or change the `minutes` of steps and exercises");
    reader.warning(minutes.span(), Code::MinutesDoNotAddUp, message, help);
}
