//! The exercise that is compared, and the note about it.

use std::sync::Arc;

use judge::source::SourceError;

use crate::course::steps::Compare;
use crate::coursework::solution::{self, Texts};
use crate::learn::context::Context;
use crate::learn::editor::NoteEditor;
use crate::learn::message::Effect;
use crate::learn::model::Scroll;
use crate::learn::steps::field;
use crate::progress::Note;
use crate::text::comparison::{self, Row};

/// The learner's files beside the solutions.
#[derive(Debug)]
pub struct CompareScreen {
    pub(super) compare: Arc<Compare>,
    /// The exercise that is shown, as its place in the step's list.
    pub current: usize,
    /// The learner's text beside the solution, or why not.
    pub rows: Option<Result<Vec<Row>, SourceError>>,
    /// The refactor to keep.
    pub editor: NoteEditor,
}

impl CompareScreen {
    pub(in crate::learn::steps) fn open(cx: &mut Context<'_>, compare: Arc<Compare>) -> Self {
        let mut editor = NoteEditor::new(&compare.note, &compare.prompt, "One change, and why.");
        field::load(&mut editor, cx);
        let screen = Self { compare, current: 0, rows: None, editor };
        screen.read_texts(cx);
        screen
    }

    /// The exercise that is shown.
    pub(super) fn exercise(&self) -> &str {
        &self.compare.exercises[self.current]
    }

    /// Reads its texts, if the learner may see the solution.
    fn read_texts(&self, cx: &mut Context<'_>) {
        let exercise = self.exercise();
        if solution::is_open(&cx.model.progress.exercise(exercise)) {
            cx.ask(Effect::Compare { exercise: exercise.to_owned() });
        }
    }

    pub(super) fn open_solution(&self, cx: &mut Context<'_>) {
        let now = cx.model.unix_seconds;
        solution::open(&mut cx.model.progress, self.exercise(), now);
        cx.scroll_to(Scroll::Item);
        cx.save();
        self.read_texts(cx);
    }

    pub(super) fn next(&mut self, cx: &mut Context<'_>) {
        self.current = (self.current + 1) % self.compare.exercises.len();
        self.rows = None;
        // The task has been read, and the texts will follow.
        cx.scroll_to(Scroll::Item);
        self.read_texts(cx);
    }

    pub(super) fn texts(&mut self, exercise: &str, texts: Result<Texts, SourceError>) {
        // They may come late, and be about another exercise of the step.
        if exercise == self.exercise() {
            self.rows = Some(texts.map(|texts| comparison::compare(&texts.learner, &texts.solution)));
        }
    }

    pub(super) fn note_loaded(&mut self, cx: &mut Context<'_>, id: &str, note: Option<&Note>) {
        if id == self.editor.id {
            self.editor.load(note.map(|note| note.text.as_str()));
            if !self.editor.is_blank() {
                field::found_written(cx);
            }
        }
    }

    pub(super) fn stop(&mut self, cx: &mut Context<'_>) {
        if field::stop(&mut self.editor) {
            field::save(&mut self.editor, cx);
            if !self.editor.is_blank() {
                field::all_written(cx);
            }
        }
    }
}
