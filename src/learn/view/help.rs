//! All keys of this moment, and the meaning of the marks.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Borders, Clear, Paragraph, Wrap};

use crate::learn::bindings::below_overlays;
use crate::learn::screen::Screen;
use crate::learn::theme::{Theme, mark};
use crate::text::width;

const KEY_COLUMNS: usize = 11;

pub(super) fn draw(frame: &mut Frame<'_>, screen: &Screen, theme: &Theme) {
    let lines = lines(screen, theme);
    let area = popup(frame.area(), 64, u16::try_from(lines.len()).unwrap_or(u16::MAX) + 2);
    let block = Block::new()
        .borders(Borders::ALL)
        .border_type(BorderType::Thick)
        .border_style(theme.border_focused)
        .title(Span::styled(" Keys, here and now ", theme.title))
        .title_bottom(Span::styled(" Esc closes ", theme.muted));
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }).block(block), area);
}

/// A box in the middle, as large as requested or as there is room for.
pub(super) fn popup(screen: Rect, columns: u16, rows: u16) -> Rect {
    let columns = columns.min(screen.width.saturating_sub(2));
    let rows = rows.min(screen.height.saturating_sub(2));
    screen.centered(Constraint::Length(columns), Constraint::Length(rows))
}

fn lines(screen: &Screen, theme: &Theme) -> Vec<Line<'static>> {
    // The keys are those of the screen below this one.
    let below = bindings_below(screen);
    let mut lines: Vec<Line<'static>> = below.into_iter().map(|(names, does)| key_line(&names, does, theme)).collect();
    lines.push(Line::default());
    lines.push(Line::from(vec![
        Span::styled(format!(" {} ", mark::NOISY), theme.noisy),
        Span::raw(" noisy client   "),
        Span::styled(mark::GOOD, theme.good),
        Span::raw(" done, passed   "),
        Span::styled(mark::BAD, theme.bad),
        Span::raw(" failed"),
    ]));
    for (name, summary) in screen.model.pane.shown().warning_kinds() {
        lines.push(Line::from(vec![
            Span::styled(format!(" {name}: "), theme.strong),
            Span::styled(summary, theme.muted),
        ]));
    }
    lines
}

/// The bindings, with keys of the same effect on one line.
fn bindings_below(screen: &Screen) -> Vec<(String, &'static str)> {
    let mut grouped: Vec<(String, &'static str)> = Vec::new();
    for binding in below_overlays(screen) {
        match grouped.iter_mut().find(|(_, does)| *does == binding.does) {
            Some((names, _)) if width(names) + width(binding.name) < KEY_COLUMNS => {
                names.push(' ');
                names.push_str(binding.name);
            }
            Some(_) => {}
            None => grouped.push((binding.name.to_owned(), binding.does)),
        }
    }
    grouped
}

fn key_line(names: &str, does: &'static str, theme: &Theme) -> Line<'static> {
    let padding = " ".repeat(KEY_COLUMNS.saturating_sub(width(names)));
    Line::from(vec![Span::styled(format!(" {names}{padding} "), theme.key), Span::raw(does)])
}
