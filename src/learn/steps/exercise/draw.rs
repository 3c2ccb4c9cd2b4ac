//! An exercise: the verdict first, then the hints, then the page.

use std::path::Path;

use judge::report::{ScenarioReport, Verdict};
use layout::{CodeFile, Package};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::coursework::hint;
use crate::learn::document::Page;
use crate::learn::model::Model;
use crate::learn::theme::mark;

use super::ExerciseScreen;
use super::state::location;
use judge::CheckReport;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, screen: &ExerciseScreen) {
    let Some(exercise) = model.exercise() else { return };
    if screen.hints_first {
        hints(page, model);
        outcome(page, model, &exercise.id, screen.opened);
    } else {
        outcome(page, model, &exercise.id, screen.opened);
        hints(page, model);
    }
    page.gap();
    let file = CodeFile::of(&exercise.id).shown(Package::Exercises);
    page.line(vec![Span::styled("File  ", page.theme.muted), Span::styled(file, page.theme.code)]);
    page.line(vec![Span::styled("Every save is checked by itself; c checks by hand.", page.theme.muted)]);
    page.step_text(model);
    page.markdown(&exercise.text);
}

/// The result of the last check, if there was one.
fn outcome(page: &mut Page<'_>, model: &Model, exercise: &str, opened: usize) {
    if let Some(failure) = model.work.failures.get(exercise) {
        page.line(vec![Span::styled(format!("{} The check could not be made", mark::BAD), page.theme.bad)]);
        page.paragraph(&failure.to_string(), 2, page.theme.strong);
        page.rule();
    } else if let Some(report) = model.work.reports.get(exercise) {
        verdict(page, report, model.course.layout.root(), opened);
        page.rule();
    }
}

fn hints(page: &mut Page<'_>, model: &Model) {
    let Some(exercise) = model.exercise() else { return };
    let shown = model.progress.exercise(&exercise.id).hints.min(exercise.hints.len());
    // The newest first, because the learner has just asked for it.
    for number in (0..shown).rev() {
        page.gap();
        let heading = crate::text::sentence_case(&hint::heading(number + 1, exercise.hints.len()));
        page.line(vec![Span::styled(heading, page.theme.heading)]);
        let hint = page.rendered(&exercise.hints[number], page.columns);
        page.lines.extend(hint);
    }
    if shown > 0 {
        page.rule();
    }
}

/// The verdict on an exercise, scenario by scenario; of those that failed, the one that is opened is explained.
fn verdict(page: &mut Page<'_>, report: &CheckReport, root: &Path, opened: usize) {
    let passed = report.passed();
    let (mark, style) = sign(page, report.verdict);
    let mut heading = format!("{mark} {}", crate::text::sentence_case(&report.verdict.to_string()));
    // The message says why some were not played.
    if !report.scenarios.is_empty() && report.message.is_none() {
        heading += &format!(" · {passed} of {} scenarios", report.scenarios.len());
    }
    heading += &format!(" · {:.1} s", report.seconds);
    page.line(vec![Span::styled(heading, style)]);
    if let Some(location) = location(report, opened) {
        let path = location.path.strip_prefix(root).unwrap_or(&location.path);
        let place = format!("  {}:{}:{}  (e opens it there)", path.display(), location.line, location.column);
        page.verbatim(&place, page.theme.code);
    }
    if let Some(message) = &report.message {
        page.message(message, page.theme.strong);
    }
    if let Some(suspicion) = report.suspicion() {
        page.message(suspicion, page.theme.strong);
        page.gap();
    }
    let opened = report.failures().get(opened).copied();
    for scenario in report.written() {
        titled(page, &scenario.title, scenario.verdict);
        if opened.is_some_and(|opened| std::ptr::eq(opened, scenario)) {
            failed(page, report, scenario);
        }
    }
    if let Some(generated) = report.generated() {
        let verdict = if generated.failed == 0 { Verdict::Passed } else { Verdict::Failed };
        titled(page, &generated.title(), verdict);
        if let Some(scenario) =
            generated.shown.filter(|shown| opened.is_some_and(|opened| std::ptr::eq(opened, *shown)))
        {
            failed(page, report, scenario);
        }
    }
    if let Some(warnings) = report.other_warnings() {
        page.gap();
        page.message(warnings, page.theme.muted);
    }
}

/// A scenario's title behind the sign of its verdict.
fn titled(page: &mut Page<'_>, title: &str, verdict: Verdict) {
    let (mark, style) = sign(page, verdict);
    let line = page.lines.len();
    page.paragraph(title, 4, Style::new());
    page.lines[line] = with_sign(&page.lines[line], Span::styled(format!("  {mark} "), style));
}

/// Why a scenario did not pass, with its transcript and what it printed.
fn failed(page: &mut Page<'_>, report: &CheckReport, scenario: &ScenarioReport) {
    page.paragraph(report.explanation(scenario), 4, page.theme.accent);
    transcript(page, scenario);
    printed(page, scenario);
}

fn printed(page: &mut Page<'_>, scenario: &ScenarioReport) {
    let lines = scenario.last_printed();
    if !lines.is_empty() {
        page.line(vec![Span::styled("    it printed:", page.theme.muted)]);
        for line in lines {
            page.verbatim(&format!("      {line}"), Style::new());
        }
    }
}

/// Puts a sign in place of a line's indentation.
fn with_sign(line: &Line<'static>, sign: Span<'static>) -> Line<'static> {
    let text = line.to_string().trim_start().to_owned();
    Line::from(vec![sign, Span::raw(text)])
}

fn sign(page: &Page<'_>, verdict: Verdict) -> (&'static str, Style) {
    if verdict == Verdict::Passed { (mark::GOOD, page.theme.good) } else { (mark::BAD, page.theme.bad) }
}

fn transcript(page: &mut Page<'_>, scenario: &ScenarioReport) {
    let (Some(expected), Some(actual)) = (&scenario.expected, &scenario.actual) else { return };
    page.line(vec![Span::styled("    the transcript: - expected, + what happened", page.theme.muted)]);
    page.difference(expected, actual, 4);
}
