//! A question with choices, answered before the answer is shown.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crossterm::event::KeyCode;
use ratatui::text::{Line, Span};

use super::kind::{Choice, Input, Keys, StepScreen, Width, Written};
use super::news::News;
use crate::course::steps::Predict;
use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::keys::{Binding, code, key};
use crate::learn::model::{Model, Scroll, Tone};
use crate::learn::theme::mark;

const DIGITS: [(char, &str); 9] =
    [('1', "1"), ('2', "2"), ('3', "3"), ('4', "4"), ('5', "5"), ('6', "6"), ('7', "7"), ('8', "8"), ('9', "9")];

/// A question with choices.
#[derive(Debug)]
pub struct PredictScreen {
    predict: Arc<Predict>,
    /// The chosen line.
    pub selected: usize,
    /// The answer that was given, now or in an earlier sitting.
    pub answered: Option<usize>,
}

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Answer with the chosen line.
    Answer,
    /// Choose this line.
    Choose(usize),
    /// On to the next step.
    GoOn,
    /// Play once more the show about the answer.
    Show,
}

impl PredictScreen {
    pub(super) fn open(cx: &Context<'_>, predict: Arc<Predict>) -> Self {
        let kept = cx.model.progress.kinds.predictions.get(&cx.model.key());
        // A lesson may lose a choice; then its question is asked again.
        let answered = kept.filter(|choice| *choice < predict.choices.len());
        Self { predict, selected: answered.unwrap_or(0), answered }
    }

    fn answer(&mut self, cx: &mut Context<'_>) {
        let choice = self.selected;
        self.answered = Some(choice);
        let key = cx.model.key();
        cx.model.progress.kinds.predictions.answer(&key, choice);
        if choice == self.predict.answer {
            cx.say(Tone::Good, "Right.");
        } else {
            cx.say(Tone::Plain, "Not quite. The reason is below the choices.");
        }
        cx.finish();
        cx.show();
        cx.scroll_to(Scroll::End);
    }
}

impl Keys for PredictScreen {
    type Action = Action;

    fn keys(&self, model: &Model) -> Vec<Binding<Action>> {
        if self.answered.is_some() {
            let mut all = vec![code(KeyCode::Enter, "Enter", "next", Action::GoOn).silent()];
            if model.step().show.is_some() {
                all.push(key('s', "s", "see it again", Action::Show));
            }
            return all;
        }
        let mut all = vec![code(KeyCode::Enter, "Enter", "answer", Action::Answer)];
        let digits = DIGITS.iter().take(self.predict.choices.len()).enumerate();
        all.extend(digits.map(|(index, (digit, name))| key(*digit, name, "choose", Action::Choose(index)).silent()));
        all
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Answer => self.answer(cx),
            Action::Choose(choice) => self.selected = choice,
            Action::GoOn => cx.go_on(),
            Action::Show => cx.show(),
        }
    }
}

impl StepScreen for PredictScreen {
    fn input(&self) -> Input<'_> {
        Input::Commands
    }

    fn write(&mut self, _cx: &mut Context<'_>, _written: Written<'_>) {}

    fn stop(&mut self, _cx: &mut Context<'_>) {}

    fn choice(&mut self, _model: &Model) -> Option<Choice<'_>> {
        let of = self.predict.choices.len();
        self.answered.is_none().then_some(Choice { selected: &mut self.selected, of })
    }

    fn go_on(&mut self, _cx: &mut Context<'_>) {}

    fn hear(&mut self, _cx: &mut Context<'_>, _news: News<'_>) {}

    fn width(&self) -> Width {
        Width::Prose
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        page.step_text(model);
        page.markdown(&self.predict.question);
        page.gap();
        for (index, choice) in self.predict.choices.iter().enumerate() {
            let selected = index == self.selected && self.answered.is_none();
            let pointer = if selected { mark::CURRENT } else { " " };
            let sign = match self.answered {
                Some(_) if index == self.predict.answer => Span::styled(format!("{} ", mark::GOOD), page.theme.good),
                Some(given) if index == given => Span::styled(format!("{} ", mark::BAD), page.theme.bad),
                Some(_) | None => Span::raw("  "),
            };
            let head = vec![Span::styled(format!("{pointer} {} ", index + 1), page.theme.key), sign];
            item(page, head, choice, selected);
        }
        if self.answered.is_some() {
            page.markdown(&self.predict.why);
        }
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
