//! Tables.

use pulldown_cmark::Alignment;
use ratatui::text::{Line, Span};

use super::inline::Inline;
use crate::learn::theme::Theme;

const SEPARATOR: &str = " │ ";
const CROSSING: &str = "─┼─";

/// A column is not squeezed below this.
const MIN_COLUMN: usize = 4;

/// A table that is being read. The first row is the header.
pub(super) struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<Inline>>,
}

impl Table {
    pub(super) fn new(alignments: Vec<Alignment>) -> Self {
        Self { alignments, rows: Vec::new() }
    }

    pub(super) fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    pub(super) fn push(&mut self, cell: Inline) {
        if let Some(row) = self.rows.last_mut() {
            row.push(cell);
        }
    }

    /// The table in at most `room` columns, if that is enough for its columns.
    pub(super) fn lay_out(mut self, room: usize, theme: &Theme) -> Vec<Line<'static>> {
        for cell in self.rows.iter_mut().take(1).flatten() {
            cell.patch(theme.heading);
        }
        let widths = self.widths(room);
        let rows: Vec<_> = self.rows.iter().map(|row| self.row(row, &widths, theme)).collect();
        // Rows of one line each need no separator.
        let is_wrapped = rows.iter().skip(1).any(|row| row.len() > 1);
        let rule = rule(&widths, theme);
        let mut lines = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            if index == 1 || (index > 1 && is_wrapped) {
                lines.push(rule.clone());
            }
            lines.extend(row);
        }
        lines
    }

    /// Each column as wide as its widest cell. If that is too much, the widest ones shrink: first to their longest
    /// word, then, because words must be broken anyway, to the minimum.
    fn widths(&self, room: usize) -> Vec<usize> {
        let mut widths = self.columns(Inline::width);
        let words = self.columns(Inline::longest_word);
        let separators = widths.len().saturating_sub(1) * crate::text::width(SEPARATOR);
        let room = room.saturating_sub(separators);
        while widths.iter().sum::<usize>() > room {
            let roomy = (0..widths.len()).filter(|&column| widths[column] > words[column]);
            let roomy = roomy.max_by_key(|&column| widths[column]);
            match roomy.or_else(|| (0..widths.len()).max_by_key(|&column| widths[column])) {
                Some(widest) if widths[widest] > MIN_COLUMN => widths[widest] -= 1,
                _ => break,
            }
        }
        widths
    }

    /// The greatest measure in each column.
    fn columns(&self, measure: impl Fn(&Inline) -> usize) -> Vec<usize> {
        let mut columns = vec![1; self.alignments.len()];
        for row in &self.rows {
            for (column, cell) in columns.iter_mut().zip(row) {
                *column = measure(cell).max(*column);
            }
        }
        columns
    }

    fn row(&self, cells: &[Inline], widths: &[usize], theme: &Theme) -> Vec<Line<'static>> {
        let mut columns: Vec<_> = cells.iter().zip(widths).map(|(cell, width)| cell.wrap(*width).into_iter()).collect();
        let height = columns.iter().map(ExactSizeIterator::len).max().unwrap_or_default();
        let mut lines = Vec::new();
        for _ in 0..height {
            let mut spans = Vec::new();
            for (index, (column, width)) in columns.iter_mut().zip(widths).enumerate() {
                if index > 0 {
                    spans.push(Span::styled(SEPARATOR, theme.muted));
                }
                let text = column.next().unwrap_or_default();
                spans.extend(align(text, *width, self.alignments[index]));
            }
            lines.push(Line::from(spans));
        }
        lines
    }
}

fn align(text: Line<'static>, width: usize, alignment: Alignment) -> Vec<Span<'static>> {
    let free = width.saturating_sub(text.width());
    let before = match alignment {
        Alignment::Right => free,
        Alignment::Center => free / 2,
        Alignment::Left | Alignment::None => 0,
    };
    let blank = |count| Span::raw(" ".repeat(count));
    std::iter::once(blank(before)).chain(text.spans).chain([blank(free - before)]).collect()
}

fn rule(widths: &[usize], theme: &Theme) -> Line<'static> {
    let columns: Vec<_> = widths.iter().map(|width| "─".repeat(*width)).collect();
    Line::from(Span::styled(columns.join(CROSSING), theme.muted))
}
