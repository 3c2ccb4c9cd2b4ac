//! Drawing: reads the model, changes nothing.
//!
//! ```text
//! ┌ header ────────────────────────────────────────────┐
//! │ step (the text, and below it what the learner      │ monitor: sockets,
//! │ writes)                                            │ rooms, log
//! ├ status ────────────────────────────────────────────┤
//! └ keys ──────────────────────────────────────────────┘
//! ```
//!
//! A narrow terminal shows one of the two panes. One panel a file.

mod bar;
mod diff;
mod document;
mod help;
pub mod layout;
mod monitor;
mod outline;
mod step;
#[cfg(test)]
mod tests;

use ratatui::Frame;

use super::model::{Model, Overlay};
use super::theme::Theme;

/// The smallest terminal in which the screen makes sense.
const SMALLEST: (u16, u16) = (40, 12);

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, model: &Model, theme: &Theme) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let (columns, rows) = SMALLEST;
        let text = format!(
            "rtws needs {columns} columns and {rows} rows; this terminal has {} and {}.",
            area.width, area.height
        );
        let paragraph = ratatui::widgets::Paragraph::new(text).wrap(ratatui::widgets::Wrap { trim: true });
        return frame.render_widget(paragraph, area);
    }
    let areas = layout::areas(model);
    bar::header(frame, areas.header, model, theme);
    if let Some(area) = areas.step {
        step::draw(frame, area, model, theme);
    }
    if let Some(area) = areas.monitor {
        monitor::draw(frame, area, model, theme);
    }
    bar::status(frame, areas.status, model, theme);
    bar::keys(frame, areas.keys, model, theme);
    match model.overlay {
        Some(Overlay::Help) => help::draw(frame, model, theme),
        Some(Overlay::Outline(chosen)) => outline::draw(frame, chosen, model, theme),
        None => {}
    }
}
