//! A key and its action. The command bar, the help and the dispatch read lists of them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key, and the action that it asks for.
#[derive(Debug, Clone, Copy)]
pub struct Binding<A> {
    code: KeyCode,
    modifiers: KeyModifiers,
    /// The key's name.
    pub name: &'static str,
    /// Its effect, in two or three words.
    pub does: &'static str,
    /// The action.
    pub action: A,
    /// Whether the command bar shows it.
    pub in_bar: bool,
}

impl<A> Binding<A> {
    /// Whether this key was pressed.
    pub fn fits(&self, key: KeyEvent) -> bool {
        // Shift is part of the character already; some terminals report it, some do not.
        key.code == self.code && key.modifiers.difference(KeyModifiers::SHIFT) == self.modifiers
    }

    /// Whether it is a character, which a text would take for itself.
    pub fn is_character(&self) -> bool {
        matches!(self.code, KeyCode::Char(_))
    }

    /// The same key for another action.
    pub fn with<B>(self, action: B) -> Binding<B> {
        let Self { code, modifiers, name, does, in_bar, .. } = self;
        Binding { code, modifiers, name, does, action, in_bar }
    }

    /// The same key, which the command bar does not show.
    pub fn silent(self) -> Self {
        Self { in_bar: false, ..self }
    }

    /// The same key together with Ctrl.
    pub fn with_control(self) -> Self {
        Self { modifiers: KeyModifiers::CONTROL, ..self }
    }

    /// The event that the terminal sends for it.
    #[cfg(test)]
    pub(crate) fn key(&self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }
}

/// A key that is a character.
pub fn key<A>(character: char, name: &'static str, does: &'static str, action: A) -> Binding<A> {
    code(KeyCode::Char(character), name, does, action)
}

/// Any key without a modifier.
pub fn code<A>(code: KeyCode, name: &'static str, does: &'static str, action: A) -> Binding<A> {
    Binding { code, modifiers: KeyModifiers::NONE, name, does, action, in_bar: true }
}
