//! The report as a page.
//!
//! Foreign text stays in its place: what takes a line becomes one line without HTML, and a text of several lines becomes
//! a quotation, which ends whatever the text begins, be it a fence, a list or a heading.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser};
use time::UtcOffset;

use super::moment::{duration, moment, zone};
use super::{AnswerReport, ExerciseReport, Given, LessonReport, NoteReport, Report, StepReport, TypingReport};
use crate::progress::{EDITOR_LIMIT_MS, IDLE_LIMIT_MS, SelfRating, StepState};
use crate::text::clean_multiline;

pub(super) fn page(report: &Report, offset: UtcOffset) -> String {
    let mut blocks = vec!["# Workshop report".to_owned(), summary(report, offset)];
    for lesson in &report.lessons {
        blocks.extend(lesson_blocks(lesson, offset));
    }
    if !report.other_notes.is_empty() {
        blocks.push("## Other notes".to_owned());
        blocks.push("No step of the course asks for these.".to_owned());
        blocks.extend(report.other_notes.iter().flat_map(|note| note_blocks("###", note)));
    }
    blocks.join("\n\n") + "\n"
}

fn summary(report: &Report, offset: UtcOffset) -> String {
    let steps = || report.lessons.iter().flat_map(|lesson| &lesson.steps);
    let done = steps().filter(|step| step.state == StepState::Done).count();
    let spent: u64 = steps().filter_map(|step| step.spent_seconds).sum();
    format!(
        "Written {} (all times are {}). {done} of {} steps are done; time spent: {}.\n\n\
         Time counts while a step is on the screen and keys come or files are saved. Of a pause at most {} min count, of \
         a stay in an editor that the workshop opened at most {} min. Begun and done are moments: what lies between them \
         is not all work. Reckoned is what the course expects a step to take.",
        moment(report.written_at, offset),
        zone(offset),
        steps().count(),
        duration(spent),
        IDLE_LIMIT_MS / 60_000,
        EDITOR_LIMIT_MS / 60_000,
    )
}

fn lesson_blocks(lesson: &LessonReport, offset: UtcOffset) -> Vec<String> {
    let mut blocks = vec![format!("## {}", line(&lesson.title))];
    if lesson.state == StepState::Todo {
        blocks.push("Not begun.".to_owned());
    } else {
        let head = ["step", "kind", "state", "begun", "done", "time spent", "reckoned"];
        blocks.push(table(&head, lesson.steps.iter().map(|step| step_row(step, offset))));
        if !lesson.exercises.is_empty() {
            blocks.push("### Exercises".to_owned());
            let head = ["exercise", "attempts", "hints", "passed", "solution opened before passing"];
            blocks.push(table(&head, lesson.exercises.iter().map(|exercise| exercise_row(exercise, offset))));
        }
        blocks.extend(prediction_blocks(&lesson.steps));
        blocks.extend(lesson.steps.iter().flat_map(practice_blocks));
        blocks.extend(lesson.steps.iter().flat_map(|step| interview_blocks(step, offset)));
    }
    // A note can have been written without the workshop.
    let notes = || lesson.steps.iter().flat_map(|step| &step.notes);
    if lesson.state != StepState::Todo && notes().count() > 0 || notes().any(|note| note.text.is_some()) {
        blocks.push("### Notes".to_owned());
        blocks.extend(notes().flat_map(|note| note_blocks("####", note)));
    }
    blocks
}

fn step_row(step: &StepReport, offset: UtcOffset) -> Vec<String> {
    let spent = match (step.state, step.spent_seconds) {
        (_, Some(seconds)) => duration(seconds),
        (StepState::Todo, None) => String::new(),
        (_, None) => "not counted".to_owned(),
    };
    let at = |time: Option<u64>| time.map(|at| moment(at, offset)).unwrap_or_default();
    vec![
        cell(&step.title),
        step.kind.to_owned(),
        state(step.state).to_owned(),
        at(step.started_at),
        at(step.done_at),
        spent,
        step.minutes.map(|minutes| format!("{minutes} min")).unwrap_or_default(),
    ]
}

fn state(state: StepState) -> &'static str {
    match state {
        StepState::Todo => "not begun",
        StepState::Started => "begun",
        StepState::Done => "done",
    }
}

fn exercise_row(exercise: &ExerciseReport, offset: UtcOffset) -> Vec<String> {
    let at = |time: Option<u64>, never: &str| time.map_or_else(|| never.to_owned(), |at| moment(at, offset));
    let attempts = if exercise.attempts == 0 { "none".to_owned() } else { exercise.attempts.to_string() };
    vec![
        format!("{} (`{}`)", cell(&exercise.title), exercise.id),
        attempts,
        format!("{} of {}", exercise.hints, exercise.hints_available),
        at(exercise.passed_at, "not passed"),
        at(exercise.solution_opened_at, "no"),
    ]
}

fn prediction_blocks(steps: &[StepReport]) -> Vec<String> {
    let predict: Vec<_> = steps.iter().filter(|step| step.kind == "predict").collect();
    if predict.is_empty() {
        return Vec::new();
    }
    let answers = || predict.iter().filter_map(|step| step.prediction.as_ref());
    let right = answers().filter(|answer| answer.right).count();
    let summary = match answers().count() {
        0 => "No answer is known.".to_owned(),
        count => format!("Predicted right first time: {right} of {count}."),
    };
    let lines: Vec<_> = predict.iter().map(|step| format!("- {}: {}", line(&step.title), prediction(step))).collect();
    vec!["### Predictions".to_owned(), summary, lines.join("\n")]
}

fn prediction(step: &StepReport) -> String {
    match &step.prediction {
        Some(answer) if answer.right => "right".to_owned(),
        Some(answer) => format!("wrong, with “{}”", line(&answer.chosen)),
        None if step.state == StepState::Done => "answered, but the answer was not kept".to_owned(),
        None => "not answered".to_owned(),
    }
}

/// Re-typing and debugging.
fn practice_blocks(step: &StepReport) -> Vec<String> {
    let mut blocks = Vec::new();
    if step.kind == "retype" {
        blocks.push(format!("### {}", line(&step.title)));
        blocks.push(step.typing.as_ref().map_or_else(|| "Not begun.".to_owned(), typing));
    }
    if let Some(debug) = &step.debug {
        blocks.push(format!("### {}", line(&step.title)));
        blocks.push(format!("{} of {} bugs fixed.", debug.fixed.len(), debug.bugs));
        let titles: Vec<_> = debug.fixed.iter().map(|title| format!("- {}", line(title))).collect();
        blocks.extend((!titles.is_empty()).then(|| titles.join("\n")));
    }
    blocks
}

fn typing(typing: &TypingReport) -> String {
    let right = typing
        .percent
        .map_or_else(|| "no key yet".to_owned(), |percent| format!("{percent} % of the keys right at once"));
    let pastes = match typing.pastes {
        0 => "no paste".to_owned(),
        1 => "1 paste refused".to_owned(),
        count => format!("{count} pastes refused"),
    };
    format!(
        "{} of {} parts typed, {right}, {} of typing, {pastes}.",
        typing.chunks_done,
        typing.chunks,
        duration(typing.seconds)
    )
}

fn interview_blocks(step: &StepReport, offset: UtcOffset) -> Vec<String> {
    if step.answers.is_empty() {
        return Vec::new();
    }
    let heading = format!("### {}", line(&step.title));
    std::iter::once(heading).chain(step.answers.iter().flat_map(|answer| answer_blocks(answer, offset))).collect()
}

fn answer_blocks(answer: &AnswerReport, offset: UtcOffset) -> Vec<String> {
    let mut blocks = vec![format!("#### {}", line(&answer.question))];
    if answer.given.is_empty() {
        blocks.push("Not answered.".to_owned());
    }
    for Given { at, text, rating } in &answer.given {
        let rated = match rating {
            Some(SelfRating::Solid) => "rated solid",
            Some(SelfRating::Partly) => "rated partly there",
            Some(SelfRating::Missed) => "rated as missing the point",
            None => "not rated",
        };
        blocks.push(format!("{}, {rated}:", moment(*at, offset)));
        blocks.push(quote(text));
    }
    blocks
}

fn note_blocks(level: &str, note: &NoteReport) -> Vec<String> {
    let question = if note.question.trim().is_empty() { &note.id } else { &note.question };
    let text = match (&note.text, &note.trouble) {
        (Some(text), _) => quote(text),
        (None, Some(trouble)) => format!("This note cannot be read: {}", line(trouble)),
        (None, None) => "Nothing written.".to_owned(),
    };
    vec![format!("{level} {}", line(question)), text]
}

fn table<const COLUMNS: usize>(head: &[&str; COLUMNS], rows: impl Iterator<Item = Vec<String>>) -> String {
    let row = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let head = row(&head.map(str::to_owned));
    let rule = format!("|{}", "---|".repeat(COLUMNS));
    [head, rule].into_iter().chain(rows.map(|cells| row(&cells))).collect::<Vec<_>>().join("\n")
}

/// Foreign text on one line.
fn line(text: &str) -> String {
    without_html(&clean_multiline(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Foreign text in a cell of a table.
fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}

/// Foreign text as a quotation.
fn quote(text: &str) -> String {
    let text = without_html(&clean_multiline(text));
    let lines = text.trim_matches('\n').lines().map(|line| format!("> {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// How often a text is looked through for HTML that other HTML hid. A text that still has some shows all of its `<`.
const MOST_ROUNDS: usize = 8;

/// The text with its HTML shown instead of obeyed: a tag that is left open would swallow the rest of the page.
fn without_html(text: &str) -> String {
    let mut shown = text.to_owned();
    // What HTML hid may be HTML in turn, once the other is none. Each round leaves fewer `<`.
    for _ in 0..MOST_ROUNDS {
        let found = html(&shown);
        if found.is_empty() {
            return shown;
        }
        shown = with_each(&shown, &found, |tag| tag.replace('<', "&lt;"));
    }
    shown.replace('<', "&lt;")
}

/// The text with what stands in these places, which are in order, replaced.
fn with_each(text: &str, places: &[Range<usize>], replace: impl Fn(&str) -> String) -> String {
    let mut made = String::with_capacity(text.len());
    let mut from = 0;
    for place in places {
        made.push_str(&text[from..place.start]);
        made.push_str(&replace(&text[place.clone()]));
        from = place.end;
    }
    made + &text[from..]
}

/// Where HTML stands, in the order of the text.
fn html(text: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    let found = events.filter(|(event, range)| is_html(event) && text[range.clone()].contains('<'));
    found.map(|(_, range)| range).collect()
}

fn is_html(event: &Event<'_>) -> bool {
    matches!(event, Event::Html(_) | Event::InlineHtml(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_tags_is_shown_in_a_few_rounds() {
        let shown = without_html(&format!("1 < 2, `<a>` {}", "<a> ".repeat(20_000)));
        assert_eq!(shown, format!("1 < 2, `<a>` {}", "&lt;a> ".repeat(20_000)));
    }
}
