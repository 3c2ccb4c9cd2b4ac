//! A text that the learner writes: a note or an answer.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

use crate::progress::Note;

use super::message::Effect;

/// The most bytes that a field holds: with its question, a note must stay short enough to be read again.
const MOST_BYTES: usize = judge::LONGEST / 2;

/// One text field. It is a note, kept in its own file, unless its owner keeps it elsewhere.
#[derive(Debug)]
pub struct NoteEditor {
    /// The note's id.
    pub id: String,
    /// The question above the field.
    pub question: String,
    /// The text and the cursor.
    pub area: TextArea<'static>,
    /// Whether the keys go into the text.
    pub writing: bool,
    saved: String,
    /// Whether the text was asked for and has not come. Until then nothing can be typed: it would replace a text that
    /// the learner has not seen.
    is_awaited: bool,
}

impl NoteEditor {
    /// An empty field.
    pub fn new(id: &str, question: &str, placeholder: &str) -> Self {
        let mut editor = Self {
            id: id.to_owned(),
            question: question.to_owned(),
            area: TextArea::default(),
            writing: false,
            saved: String::new(),
            is_awaited: false,
        };
        editor.area.set_placeholder_text(placeholder);
        editor.set_text("");
        editor
    }

    /// Replaces the text by one that is saved already.
    pub fn set_text(&mut self, text: &str) {
        let placeholder = self.area.placeholder_text().to_owned();
        self.area = TextArea::new(text.lines().map(str::to_owned).collect());
        self.area.set_placeholder_text(placeholder);
        self.area.set_wrap_mode(WrapMode::WordOrGlyph);
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
        text.clone_into(&mut self.saved);
    }

    /// The text will come from its file.
    pub fn expect_text(&mut self) {
        self.is_awaited = true;
    }

    /// Whether the text has been asked for and has not come.
    pub fn is_awaited(&self) -> bool {
        self.is_awaited
    }

    /// Takes the text that came from its file, if there was one. It does not replace what has been typed: it may be the second
    /// answer, after the first has given the field free.
    pub fn load(&mut self, text: Option<&str>) {
        self.is_awaited = false;
        if let Some(text) = text.filter(|_| self.text() == self.saved) {
            self.set_text(text);
        }
    }

    /// The text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    /// Takes a key while writing.
    pub fn press(&mut self, key: KeyEvent) {
        // Tab switches panes, here as everywhere.
        if key.code != KeyCode::Tab {
            self.area.input(key);
        }
    }

    /// Takes pasted text, as much as there is room for; false if that is not all. Control characters stay out.
    pub fn paste(&mut self, text: &str) -> bool {
        let text = crate::text::clean_multiline(text);
        let room = MOST_BYTES.saturating_sub(self.text().len());
        let end = (0..=room.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        self.area.insert_str(&text[..end]);
        end == text.len()
    }

    /// Saves the note if it has changed since.
    pub fn save(&mut self) -> Option<Effect> {
        let text = self.text();
        let changed = text != self.saved;
        self.saved.clone_from(&text);
        changed.then(|| Effect::SaveNote { id: self.id.clone(), note: Note { question: self.question.clone(), text } })
    }
}
