//! An exercise, for the three kinds of steps that solve one.

mod draw;
mod state;
#[cfg(test)]
mod tests;

use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::keys::{Binding, key};
use crate::learn::model::Model;
use crate::learn::steps::kind::{Choice, Input, Keys, StepScreen, Width, Written};
use crate::learn::steps::news::News;

pub use state::ExerciseScreen;
use state::failures;

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Open the file in an editor.
    Edit,
    /// Check it.
    Check,
    /// One more hint.
    Hint,
    /// Show the next scenario that failed in full.
    OpenNext,
    /// Serve the learner's file, or stop.
    Live,
    /// Put the starter back.
    Reset,
}

impl Keys for ExerciseScreen {
    type Action = Action;

    fn keys(&self, model: &Model) -> Vec<Binding<Action>> {
        let live = if model.pane.live.is_some() { "stop serving" } else { "see it live" };
        let mut keys = vec![
            key('e', "e", "edit", Action::Edit),
            key('c', "c", "check", Action::Check),
            key('h', "h", "hint", Action::Hint),
        ];
        if failures(model, &self.exercise) > 1 {
            keys.push(key('o', "o", "open the next failure", Action::OpenNext));
        }
        keys.extend([key('l', "l", live, Action::Live), key('r', "r", "reset the file", Action::Reset).silent()]);
        keys
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Edit => self.edit(cx),
            Action::Check => cx.check(&self.exercise),
            Action::Hint => self.hint(cx),
            Action::OpenNext => self.open_next(cx),
            Action::Live => cx.serve_or_stop(&self.exercise),
            Action::Reset => self.reset(cx),
        }
    }
}

impl StepScreen for ExerciseScreen {
    fn input(&self) -> Input<'_> {
        Input::Commands
    }

    fn write(&mut self, _cx: &mut Context<'_>, _written: Written<'_>) {}

    fn stop(&mut self, _cx: &mut Context<'_>) {}

    fn choice(&mut self, _model: &Model) -> Option<Choice<'_>> {
        None
    }

    fn go_on(&mut self, _cx: &mut Context<'_>) {}

    fn hear(&mut self, cx: &mut Context<'_>, news: News<'_>) {
        if let News::Saved(exercise) = news
            && exercise == self.exercise
        {
            self.saved(cx);
        } else if let News::Checked { exercise, verdict } = news
            && exercise == self.exercise
        {
            self.checked(cx, verdict);
        }
    }

    fn width(&self) -> Width {
        Width::Prose
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        draw::draw(page, model, self);
    }
}
