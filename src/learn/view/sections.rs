//! The map of a lesson: the sections of the module, and the steps that cover them.

use ratatui::text::Span;

use crate::learn::document::Page;
use crate::learn::model::Model;
use crate::learn::theme::mark;
use crate::progress::{StepState, step_key};
use crate::text::{clean, truncate};

pub(super) fn draw(page: &mut Page<'_>, model: &Model) {
    let sections = model.lesson().sections();
    if sections.is_empty() {
        return;
    }
    page.gap();
    page.rule();
    page.line(vec![Span::styled("The sections of the module, and the steps that cover them", page.theme.heading)]);
    for (section, places) in sections {
        page.paragraph(section, 0, page.theme.accent);
        for place in places {
            step(page, model, place);
        }
    }
}

/// A step with its number and a mark if it is done.
fn step(page: &mut Page<'_>, model: &Model, place: usize) {
    let (lesson, step) = (model.lesson(), &model.lesson().steps[place]);
    let is_done = model.progress.step_state(&step_key(&lesson.id, &step.id)) == StepState::Done;
    let text = format!("{:2} {}", place + 1, clean(&step.title));
    page.line(vec![
        Span::styled(format!("{} ", if is_done { mark::GOOD } else { " " }), page.theme.good),
        Span::raw(truncate(&text, usize::from(page.columns).saturating_sub(2)).into_owned()),
    ]);
}
