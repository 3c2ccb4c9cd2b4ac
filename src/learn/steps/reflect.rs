//! Notes to write at the end.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crossterm::event::KeyCode;
use ratatui::text::Span;

use super::field;
use super::kind::{Choice, Input, Keys, StepScreen, Width, Written};
use super::news::News;
use crate::course::steps::Reflect;
use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::editor::NoteEditor;
use crate::learn::keys::{Binding, code, key};
use crate::learn::model::{Model, Scroll};

/// Notes to write.
#[derive(Debug)]
pub struct ReflectScreen {
    reflect: Arc<Reflect>,
    /// One field for each prompt.
    editors: Vec<NoteEditor>,
    /// The field that is shown.
    current: usize,
}

/// The actions of its keys.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Give the keys to the field.
    Write,
    /// Take them back.
    Stop,
    /// The next prompt.
    Next,
    /// Open the note in an editor.
    Edit,
}

impl ReflectScreen {
    pub(super) fn open(cx: &mut Context<'_>, reflect: Arc<Reflect>) -> Self {
        let prompts = reflect.prompts.iter();
        let mut editors: Vec<_> =
            prompts.map(|prompt| NoteEditor::new(&prompt.id, &prompt.question, &prompt.placeholder)).collect();
        for editor in &mut editors {
            field::load(editor, cx);
        }
        Self { reflect, editors, current: 0 }
    }

    fn editor(&mut self) -> &mut NoteEditor {
        &mut self.editors[self.current]
    }

    fn is_written(&self) -> bool {
        self.editors.iter().all(|editor| !editor.is_blank())
    }

    fn next(&mut self, cx: &mut Context<'_>) {
        self.current = (self.current + 1) % self.editors.len();
        cx.scroll_to(Scroll::TOP);
    }
}

impl Keys for ReflectScreen {
    type Action = Action;

    fn keys(&self, _model: &Model) -> Vec<Binding<Action>> {
        if self.input().takes_text() {
            return vec![code(KeyCode::Esc, "Esc", "stop writing", Action::Stop)];
        }
        let mut all = vec![code(KeyCode::Enter, "Enter", "write", Action::Write)];
        if self.editors.len() > 1 {
            all.push(key('x', "x", "next question", Action::Next));
        }
        all.push(key('e', "e", "in your editor", Action::Edit).silent());
        all
    }

    fn act(&mut self, cx: &mut Context<'_>, action: Action) {
        match action {
            Action::Write => field::begin(self.editor(), cx),
            Action::Stop => self.stop(cx),
            Action::Next => self.next(cx),
            Action::Edit => field::edit(self.editor(), cx),
        }
    }
}

impl StepScreen for ReflectScreen {
    fn input(&self) -> Input<'_> {
        Input::Field(&self.editors[self.current])
    }

    fn write(&mut self, cx: &mut Context<'_>, written: Written<'_>) {
        field::write(self.editor(), cx, written);
    }

    fn stop(&mut self, cx: &mut Context<'_>) {
        if field::stop(self.editor()) {
            field::save(self.editor(), cx);
            if self.is_written() {
                field::all_written(cx);
            }
        }
    }

    fn choice(&mut self, _model: &Model) -> Option<Choice<'_>> {
        None
    }

    fn go_on(&mut self, _cx: &mut Context<'_>) {}

    fn hear(&mut self, cx: &mut Context<'_>, news: News<'_>) {
        if let News::NoteLoaded { id, note } = news {
            for editor in self.editors.iter_mut().filter(|editor| editor.id == id) {
                editor.load(note.map(|note| note.text.as_str()));
            }
            if self.is_written() {
                field::found_written(cx);
            }
        }
    }

    fn width(&self) -> Width {
        Width::Prose
    }

    fn draw(&self, page: &mut Page<'_>, model: &Model) {
        page.step_text(model);
        page.gap();
        let (editors, current) = (&self.editors, self.current);
        if editors.len() > 1 {
            let marks: String = editors.iter().map(|editor| if editor.is_blank() { "- " } else { "✓ " }).collect();
            let text = format!("Question {} of {}  {marks}", current + 1, editors.len());
            page.line(vec![Span::styled(text, page.theme.muted)]);
        }
        page.markdown(&self.reflect.prompts[current].question);
        // A learner who writes an answer has to see the question, which is the last text above the field.
        if editors[current].writing {
            page.keep_end_in_sight();
        }
    }
}
