//! All steps of all lessons, with marks for those that are done.

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Borders, Clear, Paragraph};

use crate::course::{Body, Broken, Lesson};
use crate::learn::model::{Model, Position};
use crate::learn::theme::{Theme, mark};
use crate::progress::{StepState, step_key};
use crate::text::{clean, truncate, width};

use super::help::popup;

/// The columns of a step's title; longer ones are cut, so that the columns after them line up.
const TITLE_COLUMNS: usize = 48;

pub(super) fn draw(frame: &mut Frame<'_>, chosen: Position, model: &Model, theme: &Theme) {
    let mut lines = Vec::new();
    let mut chosen_row = 0;
    for (number, lesson) in model.course.lessons.iter().enumerate() {
        lines.push(heading(lesson, theme));
        for step in 0..lesson.steps.len() {
            let here = Position { lesson: number, step };
            if here == chosen {
                chosen_row = lines.len();
            }
            lines.push(step_line(model, lesson, here, chosen, theme));
        }
    }
    lines.extend(model.course.broken.iter().map(|lesson| broken(lesson, theme)));
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let area = popup(frame.area(), 76, wanted);
    let rows = usize::from(area.height.saturating_sub(2));
    let scroll = chosen_row.saturating_sub(rows / 2).min(lines.len().saturating_sub(rows));
    let block = Block::new()
        .borders(Borders::ALL)
        .border_type(BorderType::Thick)
        .border_style(theme.border_focused)
        .title(Span::styled(" All steps ", theme.title))
        .title_bottom(Span::styled(" Enter goes there, Esc closes ", theme.muted));
    frame.render_widget(Clear, area);
    let scroll = u16::try_from(scroll).unwrap_or(u16::MAX);
    frame.render_widget(Paragraph::new(lines).scroll((scroll, 0)).block(block), area);
}

fn heading(lesson: &Lesson, theme: &Theme) -> Line<'static> {
    let [from, to] = lesson.minutes;
    let minutes = if from == to { format!("{to} minutes") } else { format!("{from} to {to} minutes") };
    Line::from(vec![
        Span::styled(format!(" {}", clean(&lesson.title)), theme.heading),
        Span::styled(format!("  {minutes}"), theme.muted),
    ])
}

fn broken(lesson: &Broken, theme: &Theme) -> Line<'static> {
    let mistakes = lesson.mistakes.len();
    let often = if mistakes == 1 { "a mistake".to_owned() } else { format!("{mistakes} mistakes") };
    Line::from(vec![
        Span::styled(format!(" {}", clean(&lesson.folder)), theme.heading),
        Span::styled(format!("  cannot be opened: {often} in the course"), theme.bad),
    ])
}

fn step_line(model: &Model, lesson: &Lesson, here: Position, chosen: Position, theme: &Theme) -> Line<'static> {
    let step = &lesson.steps[here.step];
    let (state, style) = match model.progress.step_state(&step_key(&lesson.id, &step.id)) {
        StepState::Done => (mark::GOOD, theme.good),
        StepState::Started => ("·", theme.accent),
        StepState::Todo => (" ", theme.muted),
    };
    let pointer = if here == model.position { mark::CURRENT } else { " " };
    let title = clean(&step.title);
    let title = truncate(&title, TITLE_COLUMNS);
    let padding = " ".repeat(TITLE_COLUMNS - width(&title));
    let minutes = step.minutes.map(|minutes| format!("{minutes} min")).unwrap_or_default();
    let title_style = if here == chosen { theme.selected } else { ratatui::style::Style::new() };
    Line::from(vec![
        Span::styled(format!(" {pointer} "), theme.accent),
        Span::styled(format!("{state} "), style),
        Span::styled(format!("{title}{padding}"), title_style),
        Span::styled(format!(" {:kind$}{minutes:>10}", step.body.kind(), kind = Body::KIND_COLUMNS), theme.muted),
    ])
}
