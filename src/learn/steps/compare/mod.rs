//! The learner's code beside the solutions, and a note about what to keep.

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

pub use state::CompareScreen;

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Give the keys to the note.
    Write,
    /// Take them back.
    Stop,
    /// The next exercise.
    Next,
    /// Open the solution before the exercise has passed.
    OpenSolution,
    /// Open the note in an editor.
    Edit,
}

impl Keys for CompareScreen {
    type Action = Action;

    fn keys(&self, _model: &Model) -> Vec<Binding<Action>> {
        if self.editor.writing {
            return vec![code(KeyCode::Esc, "Esc", "stop writing", Action::Stop)];
        }
        let mut all = vec![code(KeyCode::Enter, "Enter", "write your note", Action::Write)];
        if self.compare.exercises.len() > 1 {
            all.push(key('x', "x", "next exercise", Action::Next));
        }
        let open = key('o', "o", "open the solution now", Action::OpenSolution);
        all.push(if self.rows.is_none() { open } else { open.silent() });
        all.push(key('e', "e", "note in your editor", Action::Edit).silent());
        all
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Write => field::begin(&mut self.editor, cx),
            Action::Stop => self.stop(cx),
            Action::Next => self.next(cx),
            Action::OpenSolution => self.open_solution(cx),
            Action::Edit => field::edit(&mut self.editor, cx),
        }
    }
}

impl StepScreen for CompareScreen {
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

    fn hear(&mut self, cx: &mut Context<'_>, news: News<'_>) {
        if let News::NoteLoaded { id, note } = news {
            self.note_loaded(cx, id, note);
        } else if let News::Comparison { exercise, result } = news {
            self.texts(exercise, result);
        }
    }

    fn width(&self) -> Width {
        Width::Comparison
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        draw::draw(page, model, self);
    }
}
