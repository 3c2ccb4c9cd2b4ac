//! The learner's place in an interview, and the answers.

use std::sync::Arc;

use crate::course::steps::{Interview, Question};
use crate::learn::context::Context;
use crate::learn::editor::NoteEditor;
use crate::learn::model::{Model, Scroll, Tone};
use crate::learn::steps::field;
use crate::progress::steps::{Answer, SelfRating};
use crate::progress::{Progress, SITTING_GAP, step_key};

/// Interview questions.
#[derive(Debug)]
pub struct InterviewScreen {
    pub(super) interview: Arc<Interview>,
    /// The questions in the order in which they are asked: those that are due again, then all others.
    pub order: Vec<usize>,
    /// The question that is shown, as its place in that order.
    pub current: usize,
    /// The answer.
    pub editor: NoteEditor,
    /// Whether the model answer is shown.
    pub revealed: bool,
}

impl InterviewScreen {
    pub(in crate::learn::steps) fn open(cx: &Context<'_>, interview: Arc<Interview>) -> Self {
        let order = order(cx.model, &interview);
        Self::at(cx.model, interview, order, 0)
    }

    /// At the question in this place of the order. One that is due again is answered from nothing.
    fn at(model: &Model, interview: Arc<Interview>, order: Vec<usize>, current: usize) -> Self {
        let question = &interview.questions[order[current]];
        let mut editor =
            NoteEditor::new(&question.id, &question.question, "Answer as you would aloud, in a few sentences.");
        let answer = answer(model, &question.id).filter(|_| !is_due(model, &question.id));
        if let Some(answer) = answer {
            editor.set_text(&answer.text);
        }
        let revealed = answer.is_some_and(|answer| answer.rating.is_some());
        Self { interview, order, current, editor, revealed }
    }

    /// The question that is shown.
    pub(super) fn question(&self) -> &Question {
        &self.interview.questions[self.order[self.current]]
    }

    pub(super) fn next(&mut self, cx: &mut Context<'_>) {
        let next = (self.current + 1) % self.order.len();
        *self = Self::at(cx.model, Arc::clone(&self.interview), self.order.clone(), next);
        cx.scroll_to(Scroll::TOP);
    }

    pub(super) fn reveal(&mut self, cx: &mut Context<'_>) {
        if self.editor.is_blank() {
            return cx.say(Tone::Plain, "Write your own answer first: Enter. Even three words help you remember.");
        }
        self.revealed = true;
        cx.scroll_to(Scroll::TOP);
    }

    pub(super) fn rate(&mut self, cx: &mut Context<'_>, rating: SelfRating) {
        let key = step_key(&cx.model.lesson().id, &self.editor.id);
        cx.model.progress.kinds.interview.rate(&key, rating);
        let is_rated = |question: &Question| {
            let answer = answer(cx.model, &question.id);
            answer.is_some_and(|answer| answer.rating.is_some()) && !is_due(cx.model, &question.id)
        };
        if self.interview.questions.iter().all(is_rated) {
            cx.say(Tone::Good, "All questions are answered and rated. Press n to go on.");
            return cx.finish();
        }
        let again = if rating.is_weak() {
            format!("Rated: asked again after a break of {} hours.", SITTING_GAP / 3600)
        } else {
            "Rated.".to_owned()
        };
        cx.say(Tone::Good, format!("{again} Here is the next question."));
        self.next(cx);
        cx.save();
    }

    /// Takes the keys back from the answer, and keeps it.
    pub(super) fn stop(&mut self, cx: &mut Context<'_>) {
        if !field::stop(&mut self.editor) || self.editor.is_blank() {
            return;
        }
        let text = self.editor.text();
        // Repeating the same answer when it is due counts as an answer.
        let is_kept = answer(cx.model, &self.editor.id).is_some_and(|answer| answer.text == text);
        if is_kept && !is_due(cx.model, &self.editor.id) {
            return;
        }
        let key = step_key(&cx.model.lesson().id, &self.editor.id);
        let now = cx.model.unix_seconds;
        let Progress { kinds, sitting, .. } = &mut cx.model.progress;
        kinds.interview.answer(&key, &text, now, sitting.as_ref());
        cx.save();
    }
}

/// The present answer to a question of this lesson.
pub(super) fn answer<'a>(model: &'a Model, question: &str) -> Option<&'a Answer> {
    model.progress.kinds.interview.get(&step_key(&model.lesson().id, question))
}

/// Whether a question of this lesson is due again.
pub(super) fn is_due(model: &Model, question: &str) -> bool {
    let key = step_key(&model.lesson().id, question);
    model.progress.kinds.interview.is_due(&key, model.progress.sitting.as_ref())
}

/// Questions with a weak answer from an earlier sitting come first.
fn order(model: &Model, interview: &Interview) -> Vec<usize> {
    let is_due = |index: &usize| is_due(model, &interview.questions[*index].id);
    let (mut due, others): (Vec<_>, Vec<_>) = (0..interview.questions.len()).partition(is_due);
    due.extend(others);
    due
}
