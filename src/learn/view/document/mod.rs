//! The text of a step: what the lesson says, and what the learner's work has come to.

mod compare;
mod debug;
mod exercise;
mod message;
mod question;
mod retype;
mod sections;
mod shown;

use ratatui::text::{Line, Span};

use crate::course::Body;
use crate::learn::markdown;
use crate::learn::model::Model;
use crate::learn::theme::Theme;
use crate::learn::view::layout::MAX_TEXT_COLUMNS;
use crate::text::{clean_multiline, truncate, wrap};

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

/// A document in the making.
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
        self.lines.extend(markdown::render(source, self.columns, self.theme));
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
    fn paragraph(&mut self, text: &str, indent: usize, style: ratatui::style::Style) {
        let room = usize::from(self.columns).saturating_sub(indent).max(1);
        for line in clean_multiline(text).lines() {
            for part in wrap(line, room) {
                self.lines.push(Line::styled(format!("{}{part}", " ".repeat(indent)), style));
            }
        }
    }

    /// Adds lines of foreign text as they are; what does not fit is cut.
    fn verbatim(&mut self, text: &str, style: ratatui::style::Style) {
        for line in clean_multiline(text).lines() {
            self.lines.push(Line::styled(truncate(line, usize::from(self.columns)).into_owned(), style));
        }
    }

    /// Adds what the compiler says, or what is said of the program in its place.
    fn message(&mut self, text: &str, style: ratatui::style::Style) {
        for line in clean_multiline(text).lines() {
            let fitted = message::fitted(line, usize::from(self.columns));
            self.lines.extend(fitted.into_iter().map(|part| Line::styled(part, style)));
        }
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
