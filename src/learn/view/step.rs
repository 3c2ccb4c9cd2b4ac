//! The left pane: the step's text, and below it the learner's field.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, BorderType, Borders, Clear, Paragraph};

use crate::learn::document::{Document, Page};
use crate::learn::editor::NoteEditor;
use crate::learn::model::{Focus, Measured, Model};
use crate::learn::screen::Screen;
use crate::learn::theme::{Theme, mark};
use crate::progress::StepState;
use crate::text::{clean, truncate, width};

use super::layout::{placeholder, split};
use super::{sections, shown};

/// Rows that stay visible around the line that matters.
const AROUND: u16 = 4;

/// Draws the step's pane, and returns its measurements. `is_beside_monitor`: whether the monitor is in sight, too.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    pane: Rect,
    is_beside_monitor: bool,
    screen: &Screen,
    theme: &Theme,
) -> Measured {
    let model = &screen.model;
    let (area, editor_area) = split(screen, pane);
    let document = document(screen, theme, area.width, is_beside_monitor);
    let lines = u16::try_from(document.lines.len()).unwrap_or(u16::MAX);
    let measured = Measured { rows: area.height, end: lines.saturating_sub(area.height), item: document.item_row };
    let scroll = match document.row_in_sight {
        Some(row) => (row + AROUND).saturating_sub(area.height),
        None => measured.row(model.scroll),
    };
    let scroll = scroll.min(measured.end);
    frame.render_widget(block(pane, model, theme, scroll, measured.end), pane);
    frame.render_widget(Paragraph::new(document.lines).scroll((scroll, 0)), area);
    if let (Some(area), Some(editor)) = (editor_area, screen.step.input().field()) {
        draw_editor(frame, area, editor, theme);
    }
    measured
}

/// The text of the current step: the drawing of its kind, and below it the parts that any step may have.
fn document(screen: &Screen, theme: &Theme, width: u16, is_beside_monitor: bool) -> Document {
    let mut page = Page::new(theme, width);
    screen.step.draw(&mut page, &screen.model);
    shown::draw(&mut page, &screen.model, is_beside_monitor);
    if screen.model.position.step == 0 {
        sections::draw(&mut page, &screen.model);
    }
    page.finish()
}

fn block<'a>(pane: Rect, model: &Model, theme: &Theme, scroll: u16, last: u16) -> Block<'a> {
    let focused = model.focus == Focus::Step;
    let done = model.progress.step_state(&model.key()) == StepState::Done;
    let room = usize::from(pane.width).saturating_sub(8);
    let title = truncate(&clean(&model.step().title), room).into_owned();
    let minutes = model.step().minutes.map(about).filter(|minutes| width(&title) + width(minutes) <= room);
    let mut title = vec![Span::styled(format!(" {title} "), theme.title)];
    if done {
        title.push(Span::styled(format!("{} ", mark::GOOD), theme.good));
    }
    let more = match (scroll > 0, scroll < last) {
        (false, false) => "",
        (false, true) => " ↓ more ",
        (true, true) => " ↑↓ more ",
        (true, false) => " ↑ ",
    };
    Block::new()
        .borders(Borders::ALL)
        .border_type(if focused { BorderType::Thick } else { BorderType::Plain })
        .border_style(if focused { theme.border_focused } else { theme.border })
        .title_top(Line::from(title))
        .title_top(Line::from(Span::styled(minutes.unwrap_or_default(), theme.muted)).right_aligned())
        .title_bottom(Line::from(Span::styled(more, theme.muted)).right_aligned())
}

/// The estimated time of a step, in words.
fn about(minutes: u32) -> String {
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!(" about {minutes} {unit} ")
}

fn draw_editor(frame: &mut Frame<'_>, area: Rect, editor: &NoteEditor, theme: &Theme) {
    let mut text = editor.area.clone();
    text.set_style(theme.strong.remove_modifier(ratatui::style::Modifier::BOLD));
    let placeholder = placeholder(editor, area.width).into_iter().map(|line| Line::styled(line, theme.muted));
    text.set_styled_placeholder(placeholder.collect::<Text<'_>>());
    text.set_cursor_line_style(ratatui::style::Style::new());
    let (title, border) = if editor.writing {
        text.set_cursor_style(theme.cursor);
        (" writing, Esc to keep it ", theme.border_focused)
    } else {
        text.set_cursor_style(ratatui::style::Style::new());
        (" your words, Enter to write ", theme.border)
    };
    text.set_block(Block::new().borders(Borders::ALL).border_style(border).title(Span::styled(title, theme.muted)));
    frame.render_widget(Clear, area);
    frame.render_widget(&text, area);
}
