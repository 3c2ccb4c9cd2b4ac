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
//! A narrow terminal shows one of the two panes. One file for each panel.

mod bar;
mod help;
pub mod layout;
mod monitor;
mod outline;
mod sections;
mod shown;
mod step;
#[cfg(test)]
mod tests;

use ratatui::Frame;

use super::model::{Measured, Overlay};
use super::screen::Screen;
use super::theme::Theme;

/// The smallest terminal in which the screen makes sense.
const SMALLEST: (u16, u16) = (40, 12);

/// Draws the whole screen, and returns the measurements of the step's text, if that is in sight.
pub fn draw(frame: &mut Frame<'_>, screen: &Screen, theme: &Theme) -> Option<Measured> {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(frame);
        return None;
    }
    let model = &screen.model;
    let areas = layout::areas(screen);
    bar::header(frame, areas.header, model, theme);
    let measured = areas.step.map(|pane| step::draw(frame, pane, areas.monitor.is_some(), screen, theme));
    if let Some(area) = areas.monitor {
        monitor::draw(frame, area, model, theme);
    }
    bar::status(frame, areas.status, model, theme);
    bar::keys(frame, areas.keys, screen, theme);
    match model.overlay {
        Some(Overlay::Help) => help::draw(frame, screen, theme),
        Some(Overlay::Outline(chosen)) => outline::draw(frame, chosen, model, theme),
        None => {}
    }
    measured
}

fn too_small(frame: &mut Frame<'_>) {
    let (area, (columns, rows)) = (frame.area(), SMALLEST);
    let text =
        format!("rtws needs {columns} columns and {rows} rows; this terminal has {} and {}.", area.width, area.height);
    let paragraph = ratatui::widgets::Paragraph::new(text).wrap(ratatui::widgets::Wrap { trim: true });
    frame.render_widget(paragraph, area);
}
