//! A page to read.

use crossterm::event::KeyCode;

use super::kind::{Choice, Input, Keys, StepScreen, Width, Written};
use super::news::News;
use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::keys::{Binding, code, key};
use crate::learn::model::Model;

/// A page to read. It is done when the learner goes on; other steps take more than that.
#[derive(Debug)]
pub struct ReadScreen;

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// On to the next step.
    GoOn,
    /// Play the page's show.
    Show,
}

impl Keys for ReadScreen {
    type Action = Action;

    fn keys(&self, model: &Model) -> Vec<Binding<Action>> {
        let mut all = vec![code(KeyCode::Enter, "Enter", "next", Action::GoOn).silent()];
        if model.step().show.is_some() {
            all.push(key('s', "s", "see it happen", Action::Show));
        }
        all
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::GoOn => cx.go_on(),
            Action::Show => cx.show(),
        }
    }
}

impl StepScreen for ReadScreen {
    fn input(&self) -> Input<'_> {
        Input::Commands
    }

    fn write(&mut self, _cx: &mut Context<'_>, _written: Written<'_>) {}

    fn stop(&mut self, _cx: &mut Context<'_>) {}

    fn choice(&mut self, _model: &Model) -> Option<Choice<'_>> {
        None
    }

    fn go_on(&mut self, cx: &mut Context<'_>) {
        cx.finish();
    }

    fn hear(&mut self, _cx: &mut Context<'_>, _news: News<'_>) {}

    fn width(&self) -> Width {
        Width::Prose
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        page.step_text(model);
    }
}
