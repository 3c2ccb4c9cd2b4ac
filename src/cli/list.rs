//! `rtws list`: the course, and the learner's progress.

use std::process::ExitCode;

use serde::Serialize;

use super::output::print_error;
use super::{Context, NOT_PASSED, PASSED, Paint, Ui, print, print_json, session::Session};
use crate::{
    course::{self, Body, Colour, Course, Diagnostic, Lesson},
    progress::{Place, Progress, StepState, step_key},
    text::{clean, truncate, width},
};

/// The longest name of a kind, so that titles line up.
const KIND_WIDTH: usize = Body::KIND_COLUMNS;
/// The columns of a step line besides its kind, minutes and title: the mark, and spaces around them.
const MARGIN: usize = 6;
/// The width of the minutes, so that they line up, too.
const MINUTES_WIDTH: usize = 9;

/// Show the lessons, their steps, and how far you are
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Show which steps cover which section of the module instead
    #[arg(long)]
    sections: bool,
    /// Print one JSON document; it has the sections, too
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    lessons: Vec<LessonEntry<'a>>,
    /// The folders of lessons that cannot be opened.
    broken: Vec<&'a str>,
}

#[derive(Serialize)]
struct LessonEntry<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
    minutes: [u32; 2],
    requires: &'a [String],
    steps: Vec<StepEntry<'a>>,
    /// The sections of the module, in order; empty if the lesson has no module to cover.
    sections: Vec<SectionEntry<'a>>,
}

#[derive(Serialize)]
struct SectionEntry<'a> {
    section: &'a str,
    /// The ids of the steps that cover it.
    steps: Vec<&'a str>,
}

#[derive(Serialize)]
struct StepEntry<'a> {
    id: &'a str,
    kind: &'static str,
    title: &'a str,
    /// The estimated minutes.
    minutes: Option<u32>,
    state: StepState,
    /// Whether `rtws learn` resumes here.
    current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    exercise: Option<&'a str>,
}

/// Prints the course.
pub fn run(args: &Args, context: &Context) -> anyhow::Result<ExitCode> {
    let session = Session::open(context)?;
    let found = Course::lint(&context.root);
    let document = document(&session.course, &session.progress);
    if args.json {
        print_json(&document)?;
    } else {
        let each = if args.sections { sections_text } else { lesson_text };
        print(&text(&document, each, context.ui))?;
    }
    if !found.is_empty() {
        print_error(&format!("\n{}", course::render(&found, Colour::Off)));
    }
    let is_broken = found.iter().any(Diagnostic::is_error);
    Ok(ExitCode::from(if is_broken { NOT_PASSED } else { PASSED }))
}

fn document<'a>(course: &'a Course, progress: &Progress) -> Document<'a> {
    Document {
        schema: 1,
        lessons: course.lessons.iter().map(|lesson| lesson_entry(lesson, progress)).collect(),
        broken: course.broken.iter().map(|lesson| lesson.folder.as_str()).collect(),
    }
}

fn lesson_entry<'a>(lesson: &'a Lesson, progress: &Progress) -> LessonEntry<'a> {
    let is_current = |step: &str| progress.position.as_ref().is_some_and(|at| is_at(at, &lesson.id, step));
    let steps = lesson.steps.iter().map(|step| StepEntry {
        id: &step.id,
        kind: step.body.kind(),
        title: &step.title,
        minutes: step.minutes,
        state: progress.step_state(&step_key(&lesson.id, &step.id)),
        current: is_current(&step.id),
        exercise: step.body.exercise(),
    });
    LessonEntry {
        id: &lesson.id,
        title: &lesson.title,
        summary: &lesson.summary,
        minutes: lesson.minutes,
        requires: &lesson.requires,
        steps: steps.collect(),
        sections: sections(lesson),
    }
}

fn sections(lesson: &Lesson) -> Vec<SectionEntry<'_>> {
    let ids = |places: Vec<usize>| places.into_iter().map(|place| lesson.steps[place].id.as_str()).collect();
    lesson.sections().into_iter().map(|(section, places)| SectionEntry { section, steps: ids(places) }).collect()
}

fn is_at(place: &Place, lesson: &str, step: &str) -> bool {
    place.lesson == lesson && place.step == step
}

fn text(document: &Document<'_>, each: impl Fn(&LessonEntry<'_>, Ui) -> String, ui: Ui) -> String {
    if document.lessons.is_empty() {
        return "There are no lessons yet.".to_owned();
    }
    let lessons = document.lessons.iter().map(|lesson| each(lesson, ui));
    let broken = document.broken.iter().map(|folder| {
        ui.paint(Paint::Bad, &clean(&format!("{folder} cannot be opened, because of a mistake in the course")))
    });
    lessons.chain(broken).collect::<Vec<_>>().join("\n\n")
}

fn lesson_text(lesson: &LessonEntry<'_>, ui: Ui) -> String {
    let done = lesson.steps.iter().filter(|step| step.state == StepState::Done).count();
    let [from, to] = lesson.minutes;
    let facts = format!("{}, {from} to {to} minutes, {done} of {} steps done", lesson.id, lesson.steps.len());
    let mut lines = vec![ui.paint(Paint::Strong, &clean(lesson.title)), ui.paint(Paint::Dim, &clean(&facts))];
    if !lesson.requires.is_empty() {
        lines.push(ui.paint(Paint::Dim, &clean(&format!("after {}", lesson.requires.join(", ")))));
    }
    lines.extend(lesson.steps.iter().map(|step| step_text(step, ui)));
    lines.join("\n")
}

/// Each section of the module and the titles of the steps that cover it.
fn sections_text(lesson: &LessonEntry<'_>, ui: Ui) -> String {
    let mut lines = vec![ui.paint(Paint::Strong, &clean(lesson.title))];
    if lesson.sections.is_empty() {
        lines.push("  covers no section of a module".to_owned());
    }
    for entry in &lesson.sections {
        lines.push(format!("  {}", clean(entry.section)));
        let steps = lesson.steps.iter().filter(|step| entry.steps.contains(&step.id));
        lines.extend(steps.map(|step| step_text(step, ui)));
    }
    lines.join("\n")
}

/// A line never wraps, so that the marks can be read down the margin.
fn step_text(step: &StepEntry<'_>, ui: Ui) -> String {
    let (mark, paint) = match (step.current, step.state) {
        (_, StepState::Done) => ("✓", Paint::Good),
        (true, _) => ("›", Paint::Strong),
        (false, StepState::Started) => ("·", Paint::Dim),
        (false, StepState::Todo) => (" ", Paint::Dim),
    };
    let here = if step.current { "  (you are here)" } else { "" };
    let exercise = step.exercise.map(|id| format!("  [{id}]")).unwrap_or_default();
    let after = format!("{exercise}{here}");
    let room = ui.width.saturating_sub(MARGIN + KIND_WIDTH + MINUTES_WIDTH + width(&after));
    let title = clean(step.title);
    let minutes = step.minutes.map(|minutes| format!("{minutes} min")).unwrap_or_default();
    let minutes = ui.paint(Paint::Dim, &format!("{minutes:>MINUTES_WIDTH$}"));
    format!("  {} {:KIND_WIDTH$}{minutes}  {}{after}", ui.paint(paint, mark), step.kind, truncate(&title, room))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::session::tests::Learner;
    use crate::colour::Depth;

    /// The lesson with its first step done, and the learner at the second.
    fn with_document<T>(look: impl FnOnce(&Document<'_>) -> T) -> T {
        let learner = Learner::new("");
        let context = learner.context();
        Session::open(&context)
            .unwrap()
            .change(|progress, now| {
                progress.finish("welcome/read", now);
                progress.enter(Place::new("welcome", "solve"), now);
            })
            .unwrap();
        let session = Session::open(&context).unwrap();
        look(&document(&session.course, &session.progress))
    }

    #[test]
    fn the_document_has_the_promised_shape() {
        let json = with_document(|document| serde_json::to_value(document).unwrap());
        let lesson = &json["lessons"][0];
        assert_eq!(json["schema"], 1);
        assert_eq!(lesson["id"], "welcome");
        assert_eq!(lesson["minutes"], serde_json::json!([5, 10]));
        assert_eq!(lesson["requires"], serde_json::json!([]));
        let states: Vec<_> = (0..3).map(|index| lesson["steps"][index]["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["done", "started", "todo"]);
        let minutes: Vec<_> = (0..3).map(|index| &lesson["steps"][index]["minutes"]).collect();
        assert_eq!(minutes, [&serde_json::Value::Null, &5.into(), &5.into()]);
        assert_eq!((&lesson["steps"][2]["kind"], &lesson["steps"][2]["id"]), (&"recall".into(), &"again".into()));
    }

    #[test]
    fn the_text_shows_what_is_done_and_where_the_learner_is() {
        let ui = Ui { depth: Depth::None, width: 80, status_line: false };
        let expected = "\
Welcome
welcome, 5 to 10 minutes, 1 of 3 steps done
  ✓ read                Read
  › exercise     5 min  Solve  [first]  (you are here)
    recall       5 min  Again  [second]";
        assert_eq!(with_document(|document| text(document, lesson_text, ui)), expected);
    }

    #[test]
    fn sections_are_shown_with_the_steps_that_cover_them() {
        let ui = Ui { depth: Depth::None, width: 80, status_line: false };
        let expected = "\
Welcome
  Practice
  › exercise     5 min  Solve  [first]  (you are here)
  Exit
  › exercise     5 min  Solve  [first]  (you are here)
    recall       5 min  Again  [second]";
        assert_eq!(with_document(|document| text(document, sections_text, ui)), expected);
        let json = with_document(|document| serde_json::to_value(document).unwrap());
        assert_eq!(
            json["lessons"][0]["sections"][1],
            serde_json::json!({ "section": "Exit", "steps": ["solve", "again"] })
        );
    }

    #[test]
    fn a_long_title_is_cut_before_the_line_wraps() {
        let ui = Ui { depth: Depth::None, width: 55, status_line: false };
        let shown =
            with_document(|document| step_text(&StepEntry { title: "A very long title", ..entry(document) }, ui));
        assert_eq!(shown, "  › exercise     5 min  A ver…  [first]  (you are here)");
        assert_eq!(width(&shown), 55);
    }

    fn entry<'a>(document: &Document<'a>) -> StepEntry<'a> {
        let step = &document.lessons[0].steps[1];
        StepEntry {
            id: step.id,
            kind: step.kind,
            title: step.title,
            minutes: step.minutes,
            state: step.state,
            current: true,
            exercise: step.exercise,
        }
    }
}
