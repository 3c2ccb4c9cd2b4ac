//! Composes the text of a step: a step draws into a [`Page`], which becomes a [`Document`].
//!
//! Texts from lessons, compilers and clients come in unchanged; the lines that come out are clean, fit the width, and
//! are laid out once.

mod compiler;
mod diff;
mod memo;

use judge::cut;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::markdown;
use super::model::Model;
use super::theme::Theme;
use crate::text::{clean_multiline, truncate, wrap};

#[cfg(test)]
pub(super) use self::memo::laid_out;
use self::memo::{Asked, Layout};

/// Longer lines of prose are hard to read.
pub const MAX_TEXT_COLUMNS: u16 = 88;

/// Lines to draw, and the rows that matter for scrolling.
#[derive(Debug)]
pub struct Document {
    /// The lines; each fits the width.
    pub lines: Vec<Line<'static>>,
    /// The line to keep in sight; `None` leaves scrolling to the learner.
    pub row_in_sight: Option<u16>,
    /// The line at which the current item begins, in a step with several.
    pub item_row: u16,
}

/// The row that has to stay in sight.
#[derive(Debug, Clone, Copy)]
enum InSight {
    Row(u16),
    /// The last row, once everything is drawn.
    End,
}

fn without_title<'a>(text: &'a str, title: &str) -> &'a str {
    match text.trim_start().strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
        Some((heading, rest)) if heading.trim() == title => rest,
        _ => text,
    }
}

/// A document that is being composed. No text is laid out beyond what a learner would read.
#[derive(Debug)]
pub struct Page<'a> {
    /// The lines drawn so far.
    pub lines: Vec<Line<'static>>,
    /// How it looks.
    pub theme: &'a Theme,
    /// Columns of text.
    pub columns: u16,
    /// All columns.
    pub width: u16,
    in_sight: Option<InSight>,
    item_row: u16,
}

impl<'a> Page<'a> {
    /// An empty page of this width.
    pub fn new(theme: &'a Theme, width: u16) -> Self {
        let columns = width.min(MAX_TEXT_COLUMNS);
        Self { lines: Vec::new(), theme, columns, width, in_sight: None, item_row: 0 }
    }

    /// The whole.
    pub fn finish(self) -> Document {
        let row_in_sight = self.in_sight.map(|in_sight| match in_sight {
            InSight::Row(row) => row,
            InSight::End => self.row(),
        });
        Document { lines: self.lines, row_in_sight, item_row: self.item_row }
    }

    /// The row at which the next line is drawn.
    pub fn row(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX)
    }

    /// Keeps this row in sight.
    pub fn keep_in_sight(&mut self, row: u16) {
        self.in_sight = Some(InSight::Row(row));
    }

    /// Keeps the end in sight.
    pub fn keep_end_in_sight(&mut self) {
        self.in_sight = Some(InSight::End);
    }

    /// Marks the beginning of the current item, in a step with several.
    pub fn begin_item(&mut self) {
        self.item_row = self.row();
    }

    /// Adds Markdown, with an empty line before it.
    pub fn markdown(&mut self, source: &str) {
        if source.trim().is_empty() {
            return;
        }
        self.gap();
        let lines = self.rendered(source, self.columns);
        self.lines.extend(lines);
    }

    /// Markdown in these columns.
    pub fn rendered(&self, source: &str, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        self.laid_out(Layout::Markdown, source, columns, |source| markdown::render(source, columns, theme))
    }

    /// Adds the step's text from the lesson. A first heading that repeats the pane's title is left out.
    pub fn step_text(&mut self, model: &Model) {
        let step = model.step();
        self.markdown(without_title(&step.text, &step.title));
    }

    /// Adds a line of pieces.
    pub fn line(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// Adds a paragraph of foreign text, wrapped, with this indentation.
    pub fn paragraph(&mut self, text: &str, indent: usize, style: Style) {
        let room = usize::from(self.columns).saturating_sub(indent).max(1);
        let margin = " ".repeat(indent);
        let fit = |line: &str| wrap(line, room).into_iter().map(|part| format!("{margin}{part}")).collect();
        self.foreign(Layout::Paragraph(indent, style), text, style, fit);
    }

    /// Adds lines of foreign text as they are; longer ones are cut.
    pub fn verbatim(&mut self, text: &str, style: Style) {
        let columns = usize::from(self.columns);
        self.foreign(Layout::Verbatim(style), text, style, |line| vec![truncate(line, columns).into_owned()]);
    }

    /// Adds a message of the compiler, or one about the program in its place.
    pub fn message(&mut self, text: &str, style: Style) {
        let columns = usize::from(self.columns);
        self.foreign(Layout::Message(style), text, style, |line| compiler::fitted(line, columns));
    }

    /// Adds foreign text, each line of it made to fit.
    fn foreign(&mut self, layout: Layout, text: &str, style: Style, fit: impl Fn(&str) -> Vec<String>) {
        let lines = self.laid_out(layout, text, self.columns, |text| {
            let text = clean_multiline(text);
            text.lines().flat_map(fit).map(|part| Line::styled(part, style)).collect()
        });
        self.lines.extend(lines);
    }

    /// Adds both texts as one, with the differences marked, after an indentation.
    pub fn difference(&mut self, first: &str, second: &str, indent: u16) {
        let columns = self.columns.saturating_sub(indent);
        let (first, second) = (cut(first), cut(second));
        let asked = Asked { layout: Layout::Difference, text: &first, second: &second, columns, theme: self.theme };
        for mut line in memo::lines(asked, || diff::lines(&first, &second, columns, self.theme)) {
            line.spans.insert(0, Span::raw(" ".repeat(usize::from(indent))));
            self.lines.push(line);
        }
    }

    fn laid_out(
        &self,
        how: Layout,
        text: &str,
        columns: u16,
        lay_out: impl FnOnce(&str) -> Vec<Line<'static>>,
    ) -> Vec<Line<'static>> {
        let text = cut(text);
        let asked = Asked { layout: how, text: &text, second: "", columns, theme: self.theme };
        memo::lines(asked, || lay_out(&text))
    }

    /// Adds an empty line, unless there is one already or nothing is above.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// A line across the page.
    pub fn rule(&mut self) {
        self.lines.push(Line::styled("─".repeat(usize::from(self.columns)), self.theme.border));
    }
}
