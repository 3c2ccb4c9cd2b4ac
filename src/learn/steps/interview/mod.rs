//! Interview questions: the learner answers, sees a model answer, and rates their own.

mod draw;
mod state;
#[cfg(test)]
mod tests;

use crossterm::event::KeyCode;

use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::keys::{Binding, code, key};
use crate::learn::model::Model;
use crate::learn::steps::field;
use crate::learn::steps::kind::{Choice, Input, Keys, StepScreen, Width, Written};
use crate::learn::steps::news::News;
use crate::progress::steps::SelfRating;

pub use state::InterviewScreen;

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Give the keys to the answer.
    Write,
    /// Take them back.
    Stop,
    /// Show the model answer.
    Reveal,
    /// Rate the answer.
    Rate(SelfRating),
    /// The next question.
    Next,
}

impl Keys for InterviewScreen {
    type Action = Action;

    fn keys(&self, _model: &Model) -> Vec<Binding<Action>> {
        if self.editor.writing {
            return vec![code(KeyCode::Esc, "Esc", "stop writing", Action::Stop)];
        }
        let mut all = vec![code(KeyCode::Enter, "Enter", "write", Action::Write)];
        if self.revealed {
            all.push(key('1', "1", "missed", Action::Rate(SelfRating::Missed)));
            all.push(key('2', "2", "partly", Action::Rate(SelfRating::Partly)));
            all.push(key('3', "3", "solid", Action::Rate(SelfRating::Solid)));
        } else {
            all.push(key('m', "m", "model answer", Action::Reveal));
        }
        if self.order.len() > 1 {
            all.push(key('x', "x", "next question", Action::Next));
        }
        all
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Write => field::begin(&mut self.editor, cx),
            Action::Stop => self.stop(cx),
            Action::Reveal => self.reveal(cx),
            Action::Rate(rating) => self.rate(cx, rating),
            Action::Next => self.next(cx),
        }
    }
}

impl StepScreen for InterviewScreen {
    fn input(&self) -> Input<'_> {
        Input::Field(&self.editor)
    }

    fn write(&mut self, cx: &mut Context<'_>, written: Written<'_>) {
        field::write(&mut self.editor, cx, written);
    }

    fn stop(&mut self, cx: &mut Context<'_>) {
        Self::stop(self, cx);
    }

    fn choice(&mut self, _model: &Model) -> Option<Choice<'_>> {
        None
    }

    fn go_on(&mut self, _cx: &mut Context<'_>) {}

    fn hear(&mut self, _cx: &mut Context<'_>, _news: News<'_>) {}

    fn width(&self) -> Width {
        Width::Prose
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        draw::draw(page, model, self);
        // A learner who writes an answer has to see the question, which is the last text above the field.
        if self.editor.writing {
            page.keep_end_in_sight();
        }
    }
}
