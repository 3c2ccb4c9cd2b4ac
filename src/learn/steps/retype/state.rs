//! Typing the worked example again.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use layout::{CodeFile, Package};

use crate::course::steps::Retype;
use crate::learn::context::Context;
use crate::learn::message::Effect;
use crate::learn::model::{Scroll, Tone};
use crate::typing::{Fading, Key, Outcome, Retyping};

/// Keys between two saves of the typing position: a crash costs a line or two.
const SAVE_EVERY: usize = 40;

/// The worked example, typed again.
#[derive(Debug)]
pub struct RetypeScreen {
    pub(super) retype: Arc<Retype>,
    /// The text, and the learner's place in it.
    pub typing: Retyping,
    /// Whether the keys go into it.
    pub active: bool,
    /// How much of it is hidden.
    pub fading: Fading,
    /// Whether the code in another language is shown instead.
    pub beside: bool,
    /// Whether to comment on the last paste.
    pub pasted: bool,
}

impl RetypeScreen {
    pub(in crate::learn::steps) fn open(cx: &Context<'_>, retype: Arc<Retype>) -> Self {
        let chunks = &retype.chunks;
        let saved = cx.model.progress.kinds.typing.get(&cx.model.key());
        let typing = saved.map_or_else(|| Retyping::new(chunks), |saved| Retyping::resume(chunks, saved));
        // Only on Windows does the terminal not mark a paste.
        let typing = if cfg!(windows) { typing.with_paste_guard() } else { typing };
        Self { retype, typing, active: false, fading: Fading::None, beside: false, pasted: false }
    }

    pub(super) fn stop(&mut self, cx: &mut Context<'_>) {
        if std::mem::take(&mut self.active) {
            self.keep(cx);
        }
    }

    pub(super) fn paste(&mut self, cx: &mut Context<'_>) {
        self.typing.paste();
        self.pasted = true;
        cx.say(Tone::Plain, "A paste inserts nothing here: the point is to type it.");
    }

    pub(super) fn type_key(&mut self, cx: &mut Context<'_>, key: KeyEvent) {
        let Some(key) = typing_key(key) else { return };
        // A learner who types looks at the typed text.
        (self.pasted, self.beside) = (false, false);
        let outcome = self.typing.press(key, cx.model.now_ms);
        match outcome {
            Outcome::AllDone => self.typed(cx),
            Outcome::PasteRefused => {
                cx.say(Tone::Plain, "That came too fast to be typed, so it was taken for a paste and not inserted.");
            }
            Outcome::ChunkDone => self.keep(cx),
            Outcome::Right | Outcome::LineDone => {
                if self.typing.keys().0.is_multiple_of(SAVE_EVERY) {
                    self.keep(cx);
                }
            }
            Outcome::Wrong | Outcome::MarkCleared | Outcome::Ignored => {}
        }
    }

    fn typed(&mut self, cx: &mut Context<'_>) {
        self.active = false;
        let is_first_pass = self.fading == Fading::None;
        match self.retype.exercise.clone().filter(|_| is_first_pass) {
            Some(exercise) => {
                cx.say(Tone::Good, "Typed.");
                // Before the progress: if the disk says that a step is done, its file must be there.
                cx.ask(Effect::WriteExercise { exercise, text: self.typing.text() });
            }
            None => cx.say(Tone::Good, "Typed. Press n to go on, or f to type it again with less shown."),
        }
        self.keep(cx);
        cx.finish();
    }

    /// Called when the typed text is in the file, where the next steps find it.
    pub(super) fn written(&self, cx: &mut Context<'_>, exercise: &str) {
        if self.retype.exercise.as_deref() == Some(exercise) {
            let file = CodeFile::of(exercise).shown(Package::Exercises);
            cx.say(Tone::Good, format!("Typed. It is in {file} now. Press n to go on."));
        }
    }

    /// Saves the learner's place in the first pass; the others are for practice.
    fn keep(&self, cx: &mut Context<'_>) {
        if self.fading == Fading::None {
            let key = cx.model.key();
            cx.model.progress.kinds.typing.keep(key, self.typing.saved().clone());
        }
        cx.save();
    }

    pub(super) fn look_beside(&mut self, cx: &mut Context<'_>) {
        self.beside = !self.beside;
        cx.scroll_to(Scroll::TOP);
    }

    /// Each pass shows less: first everything, then every other word, then only the labels.
    pub(super) fn fade(&mut self, cx: &mut Context<'_>) {
        self.fading = match self.fading {
            Fading::None => Fading::Words,
            Fading::Words | Fading::All => Fading::All,
        };
        self.typing = Retyping::new(&self.retype.chunks);
        self.active = true;
        cx.say(Tone::Plain, "After a wrong key, what was hidden at the cursor is shown.");
    }
}

/// The character that a key types, if any.
fn typing_key(key: KeyEvent) -> Option<Key> {
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    match key.code {
        KeyCode::Char(character) => Some(Key::Char(character)),
        KeyCode::Enter => Some(Key::Enter),
        KeyCode::Backspace => Some(Key::Backspace),
        _ => None,
    }
}
