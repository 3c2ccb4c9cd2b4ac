//! The learner's file and the solution as one text.

use ratatui::text::Span;

use crate::course::Compare;
use crate::learn::model::Model;
use crate::learn::screen::Screen;
use crate::learn::view::diff;

use super::Page;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, compare: &Compare) {
    let Screen::Compare(screen) = &model.screen else { return };
    page.markdown(&compare.prompt);
    page.gap();
    let exercise = &compare.exercises[screen.current];
    let place = format!("{exercise}, {} of {}", screen.current + 1, compare.exercises.len());
    page.line(vec![Span::styled(place, page.theme.heading)]);
    if model.progress.exercise(exercise).solution_opened_at.is_some() {
        page.line(vec![Span::styled("The solution was opened before the exercise had passed.", page.theme.warning)]);
    }
    match &screen.texts {
        Some(Ok((learner, solution))) if learner == solution => {
            page.line(vec![Span::raw("Your file and the solution are the same.")]);
        }
        Some(Ok((learner, solution))) => {
            page.line(vec![Span::styled("- your file   + the solution", page.theme.muted)]);
            let lines = diff::lines(learner, solution, page.columns, page.theme);
            page.lines.extend(lines);
        }
        Some(Err(trouble)) => page.paragraph(trouble, 0, page.theme.bad),
        None => page.paragraph(
            "The solution is shown once the exercise has passed. If you must see it now, press o; it will be noted.",
            0,
            page.theme.muted,
        ),
    }
    page.step_text(model);
}
