//! Divides the screen among its parts.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::learn::document::MAX_TEXT_COLUMNS;
use crate::learn::editor::NoteEditor;
use crate::learn::model::Focus;
use crate::learn::screen::Screen;
use crate::learn::steps::Width;
use crate::text::wrap;

/// From this width on both panes are shown.
const TWO_PANES_FROM: u16 = 100;

/// Columns that the border of a pane and the space inside it take.
const BORDER: u16 = 4;

/// Columns for whole lines of code, with a border on each side.
const CODE_COLUMNS: u16 = 82;

/// Columns that the monitor keeps if a step needs the others.
const MONITOR_COLUMNS: u16 = 30;

/// Columns for two texts of code side by side, and the monitor beside them; with fewer, the texts have the whole width.
const COMPARISON_AND_MONITOR_FROM: u16 = 2 * CODE_COLUMNS + MONITOR_COLUMNS;

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The course and the step.
    pub header: Rect,
    /// The left pane.
    pub step: Option<Rect>,
    /// The right pane.
    pub monitor: Option<Rect>,
    /// The status line.
    pub status: Rect,
    /// The keys.
    pub keys: Rect,
}

/// The parts of the screen at its present size.
pub fn areas(screen: &Screen) -> Areas {
    let (model, step_width) = (&screen.model, screen.step.width());
    let terminal = Rect::new(0, 0, model.size.columns, model.size.rows);
    let rows = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(1), Constraint::Length(1)];
    let [header, body, status, keys] = terminal.layout(&Layout::vertical(rows));
    let two_panes_from = match step_width {
        Width::Comparison => COMPARISON_AND_MONITOR_FROM,
        Width::Prose | Width::Code => TWO_PANES_FROM,
    };
    let (step, monitor) = match (body.width >= two_panes_from, model.focus) {
        (true, _) => {
            let columns = [Constraint::Length(step_columns(step_width, body.width)), Constraint::Min(0)];
            let [step, monitor] = body.layout(&Layout::horizontal(columns));
            (Some(step), Some(monitor))
        }
        (false, Focus::Step) => (Some(body), None),
        (false, Focus::Monitor) => (None, Some(body)),
    };
    Areas { header, step, monitor, status, keys }
}

fn step_columns(width: Width, columns: u16) -> u16 {
    let share = (columns * 11 / 20).min(MAX_TEXT_COLUMNS + BORDER);
    match width {
        Width::Code => share.max(CODE_COLUMNS).min(columns - MONITOR_COLUMNS),
        Width::Comparison => (columns - MONITOR_COLUMNS).min(2 * MAX_TEXT_COLUMNS),
        Width::Prose => share,
    }
}

/// The step's pane without its border, the upper part for the text and the lower one for the learner's field.
pub fn split(screen: &Screen, pane: Rect) -> (Rect, Option<Rect>) {
    let inner = pane.inner(ratatui::layout::Margin::new(2, 1));
    let Some(editor) = screen.step.input().field() else { return (inner, None) };
    let wanted = match (editor.writing, editor.is_blank()) {
        (true, _) => (inner.height / 2).max(4),
        (false, false) => (inner.height / 3).max(4),
        (false, true) => placeholder_rows(editor, inner.width),
    };
    let rows = [Constraint::Min(0), Constraint::Length(wanted)];
    let [text, editor] = inner.layout(&Layout::vertical(rows));
    (text, Some(editor))
}

/// An empty field takes no more rows than its placeholder.
fn placeholder_rows(editor: &NoteEditor, columns: u16) -> u16 {
    let lines = placeholder(editor, columns).len();
    u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2)
}

/// The lines of an empty field. The field wraps typed text, but not its placeholder; and it puts the cursor only before
/// the first of these lines.
pub(super) fn placeholder(editor: &NoteEditor, columns: u16) -> Vec<String> {
    let lines = wrap(editor.area.placeholder_text(), usize::from(columns.saturating_sub(3)));
    let indents = std::iter::once("").chain(std::iter::repeat(" "));
    lines.into_iter().zip(indents).map(|(line, indent)| format!("{indent}{line}")).collect()
}
