//! Draws an interview: the question, and the model answer beside the learner's own.

use ratatui::text::Span;

use super::state::{InterviewScreen, answer, is_due};
use crate::course::steps::Question;
use crate::learn::document::Page;
use crate::learn::model::Model;
use crate::progress::steps::SelfRating;

pub(super) fn draw(page: &mut Page<'_>, model: &Model, screen: &InterviewScreen) {
    let question = screen.question();
    if screen.current == 0 && !screen.revealed {
        page.step_text(model);
    }
    page.gap();
    progress(page, model, screen);
    if is_due(model, &question.id) {
        page.paragraph("Asked again: in an earlier sitting you rated your answer below solid.", 0, page.theme.warning);
    }
    page.markdown(&question.question);
    if !screen.revealed {
        return;
    }
    earlier_answer(page, model, question);
    page.gap();
    page.line(vec![Span::styled("A model answer", page.theme.heading)]);
    page.markdown(&question.model_answer);
    page.gap();
    page.line(vec![Span::styled("Did yours hold these?", page.theme.heading)]);
    let points: Vec<_> = question.points.iter().map(|point| format!("- {point}")).collect();
    let points = page.rendered(&points.join("\n"), page.columns);
    page.lines.extend(points);
    page.gap();
    page.line(vec![Span::styled("Rate your answer: 1 missed the point, 2 partly, 3 solid.", page.theme.accent)]);
}

/// The learner's answer from the previous sitting.
fn earlier_answer(page: &mut Page<'_>, model: &Model, question: &Question) {
    let Some(earlier) = answer(model, &question.id).and_then(|answer| answer.earlier.last()) else { return };
    let rated = match earlier.rating {
        Some(SelfRating::Solid) => ", which you rated 3, solid",
        Some(SelfRating::Partly) => ", which you rated 2, partly",
        Some(SelfRating::Missed) => ", which you rated 1, missed the point",
        None => "",
    };
    page.gap();
    page.line(vec![Span::styled(format!("Your earlier answer{rated}"), page.theme.heading)]);
    page.paragraph(&earlier.text, 2, page.theme.muted);
}

/// The number of the question, and the ratings of the others.
fn progress(page: &mut Page<'_>, model: &Model, screen: &InterviewScreen) {
    let questions = &screen.interview.questions;
    let place = format!("Question {} of {}  ", screen.current + 1, questions.len());
    let mut spans = vec![Span::styled(place, page.theme.muted)];
    for question in questions {
        spans.push(match answer(model, &question.id).map(|answer| answer.rating) {
            Some(Some(SelfRating::Solid)) => Span::styled("3 ", page.theme.good),
            Some(Some(SelfRating::Partly)) => Span::styled("2 ", page.theme.warning),
            Some(Some(SelfRating::Missed)) => Span::styled("1 ", page.theme.bad),
            Some(None) => Span::styled("~ ", page.theme.accent),
            None => Span::styled("- ", page.theme.muted),
        });
    }
    // Beside the marks if there is room, because each row here takes one from the question.
    let legend = Span::styled("  1 to 3 rated, ~ not rated, - open", page.theme.muted);
    if spans.iter().map(Span::width).sum::<usize>() + legend.width() <= usize::from(page.columns) {
        spans.push(legend);
        page.line(spans);
    } else {
        page.line(spans);
        page.line(vec![legend]);
    }
}
