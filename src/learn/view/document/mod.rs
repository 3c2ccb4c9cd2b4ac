//! The text of a step: what the lesson says, and what the learner's work has come to.

mod compare;
mod debug;
mod exercise;
mod memo;
mod message;
mod question;
mod retype;
mod sections;
mod shown;

use judge::cut;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::course::Body;
use crate::learn::markdown;
use crate::learn::model::Model;
use crate::learn::theme::Theme;
use crate::learn::view::diff;
use crate::learn::view::layout::MAX_TEXT_COLUMNS;
use crate::text::{clean_multiline, truncate, wrap};

#[cfg(test)]
pub(super) use self::memo::laid_out;
use self::memo::{Asked, Layout};

/// Lines to draw, and the one that must be in sight.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The lines; each fits the width.
    pub(super) lines: Vec<Line<'static>>,
    /// The line to keep in sight; without it the learner scrolls.
    pub(super) row_in_sight: Option<u16>,
    /// The line at which what the step has several of begins.
    pub(super) item_row: usize,
}

/// The text of the current step in an area of this width.
pub(super) fn document(model: &Model, theme: &Theme, width: u16) -> Document {
    let mut page = Page { lines: Vec::new(), theme, columns: width.min(MAX_TEXT_COLUMNS), width };
    let (mut row_in_sight, mut item_row) = (None, 0);
    match &model.step().body {
        Body::Read => page.step_text(model),
        Body::Predict(predict) => question::predict(&mut page, model, predict),
        Body::Retype(retype) => row_in_sight = retype::draw(&mut page, model, retype),
        Body::Debug(debug) => debug::draw(&mut page, model, debug),
        Body::Exercise(_) | Body::Project(_) | Body::Recall(_) => exercise::draw(&mut page, model),
        Body::Compare(compare) => item_row = compare::draw(&mut page, model, compare),
        Body::Interview(interview) => question::interview(&mut page, model, interview),
        Body::Reflect(reflect) => question::reflect(&mut page, model, reflect),
    }
    shown::draw(&mut page, model);
    if model.position.step == 0 {
        sections::draw(&mut page, model);
    }
    // Whoever writes an answer sees the question, which is the last thing above the field.
    let answering = matches!(model.step().body, Body::Reflect(_) | Body::Interview(_));
    if answering && model.editor().is_some_and(|editor| editor.writing) {
        row_in_sight = u16::try_from(page.lines.len()).ok();
    }
    Document { lines: page.lines, row_in_sight, item_row }
}

fn without_title<'a>(text: &'a str, title: &str) -> &'a str {
    match text.trim_start().strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
        Some((heading, rest)) if heading.trim() == title => rest,
        _ => text,
    }
}

/// A document in the making. No more of any text is laid out in it than a learner would read.
struct Page<'a> {
    lines: Vec<Line<'static>>,
    theme: &'a Theme,
    /// Columns of text.
    columns: u16,
    /// All columns.
    width: u16,
}

impl Page<'_> {
    /// Adds Markdown, with an empty line before it.
    fn markdown(&mut self, source: &str) {
        if source.trim().is_empty() {
            return;
        }
        self.gap();
        let lines = self.rendered(source, self.columns);
        self.lines.extend(lines);
    }

    /// Markdown in these columns.
    fn rendered(&self, source: &str, columns: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        self.laid_out(Layout::Markdown, source, columns, |source| markdown::render(source, columns, theme))
    }

    /// Adds what the lesson says about the step. A first heading that repeats the pane's title is left out.
    fn step_text(&mut self, model: &Model) {
        let step = model.step();
        self.markdown(without_title(&step.text, &step.title));
    }

    /// Adds a line of pieces.
    fn line(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// Adds a paragraph of foreign text, wrapped, with this indentation.
    fn paragraph(&mut self, text: &str, indent: usize, style: Style) {
        let room = usize::from(self.columns).saturating_sub(indent).max(1);
        let margin = " ".repeat(indent);
        let fit = |line: &str| wrap(line, room).into_iter().map(|part| format!("{margin}{part}")).collect();
        self.foreign(Layout::Paragraph(indent, style), text, style, fit);
    }

    /// Adds lines of foreign text as they are; what does not fit is cut.
    fn verbatim(&mut self, text: &str, style: Style) {
        let columns = usize::from(self.columns);
        self.foreign(Layout::Verbatim(style), text, style, |line| vec![truncate(line, columns).into_owned()]);
    }

    /// Adds what the compiler says, or what is said of the program in its place.
    fn message(&mut self, text: &str, style: Style) {
        let columns = usize::from(self.columns);
        self.foreign(Layout::Message(style), text, style, |line| message::fitted(line, columns));
    }

    /// Adds foreign text, each line of it made to fit.
    fn foreign(&mut self, layout: Layout, text: &str, style: Style, fit: impl Fn(&str) -> Vec<String>) {
        let lines = self.laid_out(layout, text, self.columns, |text| {
            let text = clean_multiline(text);
            text.lines().flat_map(fit).map(|part| Line::styled(part, style)).collect()
        });
        self.lines.extend(lines);
    }

    /// Adds both texts as one, with what differs marked, in so many columns behind a margin.
    fn difference(&mut self, first: &str, second: &str, indent: u16) {
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

    /// An empty line, unless there is one or nothing is above.
    fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// A line across the page.
    fn rule(&mut self) {
        self.lines.push(Line::styled("─".repeat(usize::from(self.columns)), self.theme.border));
    }
}
