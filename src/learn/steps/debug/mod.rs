//! Bugs to plant in the worked example: watch the symptom, assert it, fix it.

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
use crate::progress::steps::DebugStage;

pub use state::DebugScreen;

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Plant the chosen bug.
    Plant,
    /// Plant any bug.
    Surprise,
    /// Take the worked example as it is.
    TakeExample,
    /// Choose another bug, or go back to the planted one.
    ChooseAnother,
    /// On to writing the assertion.
    Assert,
    /// Open the assertion or the code in an editor.
    Edit,
    /// Try the assertion, or check the fix.
    Check,
    /// Show a way to complete the assertion, or hide it.
    Hint,
    /// Serve the learner's file, or stop.
    Live,
}

impl Keys for DebugScreen {
    type Action = Action;

    fn keys(&self, model: &Model) -> Vec<Binding<Action>> {
        let live = key('l', "l", if model.pane.live.is_some() { "stop serving" } else { "serve it" }, Action::Live);
        let another = key('b', "b", "another bug", Action::ChooseAnother);
        let check = |does| key('c', "c", does, Action::Check);
        let edit = |does| key('e', "e", does, Action::Edit);
        let stage = self.stage(model);
        match stage.filter(|_| !self.choosing) {
            Some(DebugStage::Observing) => {
                vec![key('a', "a", "write the assertion", Action::Assert), live, another.silent()]
            }
            Some(DebugStage::Asserting) => {
                let hint = key('h', "h", "hint", Action::Hint);
                vec![edit("edit it"), check("try it"), hint, live, another.silent()]
            }
            Some(DebugStage::Fixing) => vec![edit("fix the code"), check("check"), live, another.silent()],
            Some(DebugStage::Fixed) => vec![another],
            None => catalogue(stage.is_some()),
        }
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Plant => self.plant_chosen(cx),
            Action::Surprise => self.surprise(cx),
            Action::TakeExample => self.take_example(cx),
            Action::ChooseAnother => self.choose_another(cx),
            Action::Assert => self.assert(cx),
            Action::Edit => self.edit(cx),
            Action::Check => self.check(cx),
            Action::Hint => self.hint(cx),
            Action::Live => cx.serve_or_stop(&self.debug.exercise),
        }
    }
}

fn catalogue(is_planted: bool) -> Vec<Binding<Action>> {
    let mut all = vec![
        code(KeyCode::Enter, "Enter", "plant it", Action::Plant),
        key('s', "s", "surprise me", Action::Surprise),
        key('w', "w", "take the worked example", Action::TakeExample),
    ];
    if is_planted {
        all.push(key('b', "b", "back to the bug", Action::ChooseAnother));
    }
    all
}

impl StepScreen for DebugScreen {
    fn input(&self) -> Input<'_> {
        Input::Commands
    }

    fn write(&mut self, _cx: &mut Context<'_>, _written: Written<'_>) {}

    fn stop(&mut self, _cx: &mut Context<'_>) {}

    fn choice(&mut self, model: &Model) -> Option<Choice<'_>> {
        let is_catalogue = self.choosing || self.stage(model).is_none();
        let of = self.debug.bugs.len() + 1;
        is_catalogue.then_some(Choice { selected: &mut self.selected, of })
    }

    fn go_on(&mut self, _cx: &mut Context<'_>) {}

    fn hear(&mut self, cx: &mut Context<'_>, news: News<'_>) {
        if let News::Saved(exercise) = news {
            if exercise == self.debug.exercise {
                self.saved(cx);
            }
        } else if let News::Planted(about) = news {
            self.planted(cx, about);
        } else if let News::AssertionTried { about, result } = news {
            self.assertion_tried(cx, about, result);
        } else if let News::FixChecked { about, result } = news {
            self.fix_checked(cx, about, result);
        }
    }

    fn width(&self) -> Width {
        Width::Prose
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        draw::draw(page, model, self);
    }
}
