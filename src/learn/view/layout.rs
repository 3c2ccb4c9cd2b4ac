//! Who gets how much of the screen.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::course::Body;
use crate::learn::editor::NoteEditor;
use crate::learn::model::{Focus, Model};
use crate::learn::theme::{Depth, Theme};

use crate::text::wrap;

use super::document::{Document, document};

/// From this width on both panes are shown.
const TWO_PANES_FROM: u16 = 100;

/// What the border of a pane and the space within it take of its columns.
const BORDER: u16 = 4;

/// Typing needs lines of code whole, with a border on each side.
const CODE_COLUMNS: u16 = 82;

/// The monitor keeps so many columns where a step needs the others.
const MONITOR_COLUMNS: u16 = 30;

/// Two texts of code beside each other, and beside them the monitor; in less the texts have the whole width.
const COMPARISON_AND_MONITOR_FROM: u16 = 2 * CODE_COLUMNS + MONITOR_COLUMNS;

/// Longer lines of prose are hard to read.
pub const MAX_TEXT_COLUMNS: u16 = 88;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The course and the step.
    pub header: Rect,
    /// The left pane.
    pub step: Option<Rect>,
    /// The right pane.
    pub monitor: Option<Rect>,
    /// What happened last.
    pub status: Rect,
    /// The keys.
    pub keys: Rect,
}

/// The parts of the screen at its present size.
pub fn areas(model: &Model) -> Areas {
    let screen = Rect::new(0, 0, model.size.columns, model.size.rows);
    let rows = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(1), Constraint::Length(1)];
    let [header, body, status, keys] = screen.layout(&Layout::vertical(rows));
    let two_panes_from = match model.step().body {
        Body::Compare(_) => COMPARISON_AND_MONITOR_FROM,
        _ => TWO_PANES_FROM,
    };
    let (step, monitor) = match (body.width >= two_panes_from, model.focus) {
        (true, _) => {
            let columns = [Constraint::Length(step_columns(model, body.width)), Constraint::Min(0)];
            let [step, monitor] = body.layout(&Layout::horizontal(columns));
            (Some(step), Some(monitor))
        }
        (false, Focus::Step) => (Some(body), None),
        (false, Focus::Monitor) => (None, Some(body)),
    };
    Areas { header, step, monitor, status, keys }
}

fn step_columns(model: &Model, columns: u16) -> u16 {
    let share = (columns * 11 / 20).min(MAX_TEXT_COLUMNS + BORDER);
    match model.step().body {
        Body::Retype(_) => share.max(CODE_COLUMNS).min(columns - MONITOR_COLUMNS),
        Body::Compare(_) => (columns - MONITOR_COLUMNS).min(2 * MAX_TEXT_COLUMNS),
        _ => share,
    }
}

/// The step's pane without its border, above for the text and below for what the learner writes.
pub fn split(model: &Model, pane: Rect) -> (Rect, Option<Rect>) {
    let inner = pane.inner(ratatui::layout::Margin::new(2, 1));
    let Some(editor) = model.editor() else { return (inner, None) };
    let wanted = match (editor.writing, editor.is_blank()) {
        (true, _) => (inner.height / 2).max(4),
        (false, false) => (inner.height / 3).max(4),
        (false, true) => placeholder_rows(editor, inner.width),
    };
    let rows = [Constraint::Min(0), Constraint::Length(wanted)];
    let [text, editor] = inner.layout(&Layout::vertical(rows));
    (text, Some(editor))
}

/// An empty field takes no more than what it says.
fn placeholder_rows(editor: &NoteEditor, columns: u16) -> u16 {
    let lines = placeholder(editor, columns).len();
    u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2)
}

/// The lines of an empty field. It wraps what is written, but not its placeholder; and it puts the cursor before the first
/// of these lines alone.
pub(super) fn placeholder(editor: &NoteEditor, columns: u16) -> Vec<String> {
    let lines = wrap(editor.area.placeholder_text(), usize::from(columns.saturating_sub(3)));
    let indents = std::iter::once("").chain(std::iter::repeat(" "));
    lines.into_iter().zip(indents).map(|(line, indent)| format!("{indent}{line}")).collect()
}

/// The area of the step's text; the pane may be hidden at the moment.
fn text_area(model: &Model) -> Rect {
    let areas = areas(model);
    let pane = areas.step.or(areas.monitor).unwrap_or_default();
    split(model, pane).0
}

/// Rows of the step's text.
pub fn text_rows(model: &Model) -> u16 {
    text_area(model).height
}

/// How far the step's text can be scrolled.
pub fn max_scroll(model: &Model) -> u16 {
    let lines = laid_out(model).lines.len();
    u16::try_from(lines).unwrap_or(u16::MAX).saturating_sub(text_rows(model))
}

/// How far to scroll to what the step has several of.
pub fn item_scroll(model: &Model) -> u16 {
    u16::try_from(laid_out(model).item_row).unwrap_or(u16::MAX)
}

fn laid_out(model: &Model) -> Document {
    document(model, &Theme::new(Depth::None), text_area(model).width)
}
