//! Steps that ask: predict, interview, reflect.

use ratatui::text::{Line, Span};

use crate::course::{Interview, Predict, Question, Reflect};
use crate::learn::model::Model;
use crate::learn::screen::Screen;
use crate::learn::theme::mark;
use crate::progress::{SelfRating, step_key};

use super::Page;

pub(super) fn predict(page: &mut Page<'_>, model: &Model, predict: &Predict) {
    let Screen::Predict { selected, answered } = model.screen else { return };
    page.step_text(model);
    page.markdown(&predict.question);
    page.gap();
    for (index, choice) in predict.choices.iter().enumerate() {
        let pointer = if index == selected && answered.is_none() { mark::CURRENT } else { " " };
        let sign = match answered {
            Some(_) if index == predict.answer => Span::styled(format!("{} ", mark::GOOD), page.theme.good),
            Some(given) if index == given => Span::styled(format!("{} ", mark::BAD), page.theme.bad),
            _ => Span::raw("  "),
        };
        let head = vec![Span::styled(format!("{pointer} {} ", index + 1), page.theme.key), sign];
        item(page, head, choice, index == selected && answered.is_none());
    }
    if answered.is_some() {
        page.markdown(&predict.why);
    }
}

/// A choice with a hanging indent.
fn item(page: &mut Page<'_>, head: Vec<Span<'static>>, text: &str, selected: bool) {
    let indent: usize = head.iter().map(Span::width).sum();
    let columns = page.columns.saturating_sub(u16::try_from(indent).unwrap_or(u16::MAX)).max(1);
    let mut head = Some(head);
    for line in page.rendered(text, columns) {
        let mut spans = head.take().unwrap_or_else(|| vec![Span::raw(" ".repeat(indent))]);
        let strong = page.theme.strong;
        spans.extend(line.spans.into_iter().map(|span| if selected { span.patch_style(strong) } else { span }));
        page.lines.push(Line::from(spans));
    }
}

pub(super) fn interview(page: &mut Page<'_>, model: &Model, interview: &Interview) {
    let Screen::Interview(screen) = &model.screen else { return };
    let question = &interview.questions[screen.order[screen.current]];
    if screen.current == 0 && !screen.revealed {
        page.step_text(model);
    }
    page.gap();
    progress(page, model, interview, screen.current);
    if model.progress.is_due(&model.lesson().id, &question.id) {
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

/// What the learner wrote in the sitting before.
fn earlier_answer(page: &mut Page<'_>, model: &Model, question: &Question) {
    let answer = model.progress.interview.get(&step_key(&model.lesson().id, &question.id));
    let Some(earlier) = answer.and_then(|answer| answer.earlier.last()) else { return };
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

/// Which question this is, and how the others went.
fn progress(page: &mut Page<'_>, model: &Model, interview: &Interview, current: usize) {
    let mut spans =
        vec![Span::styled(format!("Question {} of {}  ", current + 1, interview.questions.len()), page.theme.muted)];
    for question in &interview.questions {
        let answer = model.progress.interview.get(&step_key(&model.lesson().id, &question.id));
        spans.push(match answer.map(|answer| answer.rating) {
            Some(Some(SelfRating::Solid)) => Span::styled("3 ", page.theme.good),
            Some(Some(SelfRating::Partly)) => Span::styled("2 ", page.theme.warning),
            Some(Some(SelfRating::Missed)) => Span::styled("1 ", page.theme.bad),
            Some(None) => Span::styled("~ ", page.theme.accent),
            None => Span::styled("- ", page.theme.muted),
        });
    }
    // Beside the marks where there is room: each row here takes one from the question.
    let legend = Span::styled("  1 to 3 rated, ~ not rated, - open", page.theme.muted);
    if spans.iter().map(Span::width).sum::<usize>() + legend.width() <= usize::from(page.columns) {
        spans.push(legend);
        page.line(spans);
    } else {
        page.line(spans);
        page.line(vec![legend]);
    }
}

pub(super) fn reflect(page: &mut Page<'_>, model: &Model, reflect: &Reflect) {
    let Screen::Reflect { editors, current } = &model.screen else { return };
    page.step_text(model);
    page.gap();
    if editors.len() > 1 {
        let marks: String = editors.iter().map(|editor| if editor.is_blank() { "- " } else { "✓ " }).collect();
        let text = format!("Question {} of {}  {marks}", current + 1, editors.len());
        page.line(vec![Span::styled(text, page.theme.muted)]);
    }
    page.markdown(&reflect.prompts[*current].question);
}
