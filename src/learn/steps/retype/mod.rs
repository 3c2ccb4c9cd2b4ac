//! The worked example, typed again: one chunk at a time, with less and less shown.

mod draw;
mod state;
#[cfg(test)]
mod tests;

use crossterm::event::KeyCode;

use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::keys::{Binding, code, key};
use crate::learn::model::Model;
use crate::learn::steps::kind::{Choice, Input, Keys, StepScreen, Width, Written};
use crate::learn::steps::news::News;

pub use state::RetypeScreen;

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Give the keys to the text.
    Write,
    /// Take them back.
    Stop,
    /// Show the other language, or hide it.
    Beside,
    /// Type it again with more hidden.
    Fade,
}

impl Keys for RetypeScreen {
    type Action = Action;

    fn keys(&self, _model: &Model) -> Vec<Binding<Action>> {
        let mut all = vec![match (self.active, self.typing.is_done()) {
            (true, _) => code(KeyCode::Esc, "Esc", "leave typing", Action::Stop),
            (false, true) => key('f', "f", "again, with less shown", Action::Fade),
            (false, false) => code(KeyCode::Enter, "Enter", "type", Action::Write),
        }];
        if self.retype.beside.is_some() {
            let does = if self.beside { "back to Rust" } else { "see JavaScript" };
            all.push(code(KeyCode::F(2), "F2", does, Action::Beside));
        }
        all
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Write => self.active = true,
            Action::Stop => self.stop(cx),
            Action::Beside => self.look_beside(cx),
            Action::Fade => self.fade(cx),
        }
    }
}

impl StepScreen for RetypeScreen {
    fn input(&self) -> Input<'_> {
        if self.active { Input::Typing } else { Input::Commands }
    }

    fn write(&mut self, cx: &mut Context<'_>, written: Written<'_>) {
        match written {
            Written::Key(key) => self.type_key(cx, key),
            Written::Paste(_) => self.paste(cx),
        }
    }

    fn stop(&mut self, cx: &mut Context<'_>) {
        Self::stop(self, cx);
    }

    fn choice(&mut self, _model: &Model) -> Option<Choice<'_>> {
        None
    }

    fn go_on(&mut self, _cx: &mut Context<'_>) {}

    fn hear(&mut self, cx: &mut Context<'_>, news: News<'_>) {
        if let News::Written(exercise) = news {
            self.written(cx, exercise);
        }
    }

    fn width(&self) -> Width {
        Width::Code
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        draw::draw(page, model, self);
    }
}
