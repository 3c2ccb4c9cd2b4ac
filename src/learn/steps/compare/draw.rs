//! The learner's file and the solution: side by side if there is room, otherwise as one text.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::state::CompareScreen;
use crate::coursework::solution;
use crate::learn::document::Page;
use crate::learn::model::Model;
use crate::learn::theme::Theme;
use crate::text::comparison::{self, CONTINUED, Part, Piece, Row, SIDE_BY_SIDE_FROM};

/// Between the halves.
const MIDDLE: &str = " │ ";
const MIDDLE_COLUMNS: usize = 3;

/// Draws the task, then one exercise.
pub(super) fn draw(page: &mut Page<'_>, model: &Model, screen: &CompareScreen) {
    page.step_text(model);
    page.markdown(&screen.compare.prompt);
    page.gap();
    page.begin_item();
    exercise(page, model, screen);
}

fn exercise(page: &mut Page<'_>, model: &Model, screen: &CompareScreen) {
    let exercise = screen.exercise();
    let place = format!("{exercise}, {} of {}", screen.current + 1, screen.compare.exercises.len());
    page.line(vec![Span::styled(place, page.theme.heading)]);
    if model.progress.exercise(exercise).solution_opened_at.is_some() {
        page.line(vec![Span::styled(solution::OPENED, page.theme.warning)]);
    }
    match &screen.rows {
        Some(Ok(rows)) if rows.iter().all(|row| row.same) => {
            page.line(vec![Span::raw("Your file and the solution hold the same code.")]);
        }
        Some(Ok(rows)) => texts(page, rows),
        Some(Err(trouble)) => page.paragraph(&trouble.to_string(), 0, page.theme.bad),
        None if solution::is_open(&model.progress.exercise(exercise)) => {
            page.paragraph("Reading the two files …", 0, page.theme.muted);
        }
        None => page.paragraph(
            &format!("{} If you must see it now, press o; it will be noted.", solution::CLOSED),
            0,
            page.theme.muted,
        ),
    }
}

fn texts(page: &mut Page<'_>, rows: &[Row]) {
    let columns = usize::from(page.width);
    if columns >= SIDE_BY_SIDE_FROM {
        let half = (columns - MIDDLE_COLUMNS) / 2;
        let head = format!("{:half$}{MIDDLE}+ the solution", "- your file");
        page.line(vec![Span::styled(head, page.theme.muted)]);
        parts(page, rows, |rows, theme| rows.iter().flat_map(|row| side_by_side(row, half, theme)).collect());
    } else {
        page.line(vec![Span::styled("- your file   + the solution", page.theme.muted)]);
        parts(page, rows, |rows, theme| unified(rows, columns, theme));
    }
}

/// All rows, without those that are far from a change.
fn parts(page: &mut Page<'_>, rows: &[Row], shown: impl Fn(&[Row], &Theme) -> Vec<Line<'static>>) {
    for part in comparison::folded(rows) {
        match part {
            Part::Shown(rows) => page.lines.extend(shown(rows, page.theme)),
            Part::LeftOut(count) => page.line(vec![Span::styled(comparison::left_out(count), page.theme.accent)]),
        }
    }
}

/// Stretches of different lines are shown as two blocks: the learner's, then the solution's. Lines without code are the
/// solution's.
fn unified(rows: &[Row], columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let stretches = rows.chunk_by(|one, next| one.same == next.same);
    let lines = stretches.flat_map(|stretch| {
        let same = stretch[0].same;
        let firsts = stretch.iter().filter(move |_| !same).flat_map(move |row| half(row, false, columns, theme));
        let seconds = stretch.iter().flat_map(move |row| half(row, true, columns, theme));
        firsts.chain(seconds)
    });
    lines.map(Line::from).collect()
}

fn side_by_side(row: &Row, columns: usize, theme: &Theme) -> Vec<Line<'static>> {
    let (mut firsts, mut seconds) =
        (half(row, false, columns, theme).into_iter(), half(row, true, columns, theme).into_iter());
    let mut lines = Vec::new();
    loop {
        let (first, second) = (firsts.next(), seconds.next());
        if first.is_none() && second.is_none() {
            return lines;
        }
        let mut spans = first.unwrap_or_default();
        let used: usize = spans.iter().map(Span::width).sum();
        spans.push(Span::raw(" ".repeat(columns.saturating_sub(used))));
        spans.push(Span::styled(MIDDLE, theme.border));
        spans.extend(second.unwrap_or_default());
        lines.push(Line::from(spans));
    }
}

/// One side of a row, in as many lines as it needs.
fn half(row: &Row, second: bool, columns: usize, theme: &Theme) -> Vec<Vec<Span<'static>>> {
    let (line, sign, style) = match (row.same, second) {
        (true, false) => (&row.first, "  ", theme.muted),
        (true, true) => (&row.second, "  ", theme.muted),
        (false, false) => (&row.first, "- ", theme.bad),
        (false, true) => (&row.second, "+ ", theme.good),
    };
    let broken = line.iter().flat_map(|line| line.broken(columns.saturating_sub(sign.len()).max(1)));
    let spans = broken.enumerate().map(|(index, pieces)| {
        let sign = if index == 0 { sign } else { CONTINUED };
        let text = pieces.into_iter().map(|piece| span(piece, row.same, style, theme));
        std::iter::once(Span::styled(sign, style)).chain(text).collect()
    });
    spans.collect()
}

/// Only the sign and the words that differ stand out; the rest of the line stays easy to read.
fn span(piece: Piece, same: bool, style: Style, theme: &Theme) -> Span<'static> {
    let plain = if same { theme.muted } else { Style::new() };
    Span::styled(piece.text, if piece.differs { style } else { plain })
}
