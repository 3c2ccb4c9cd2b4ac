//! The interface of the screens of all kinds of steps. Nothing has a default, so the compiler asks a new kind for
//! everything.

use std::any::Any;
use std::fmt;

use crossterm::event::KeyEvent;

use super::news::News;
use crate::learn::context::Context;
use crate::learn::document::Page;
use crate::learn::editor::NoteEditor;
use crate::learn::keys::Binding;
use crate::learn::model::Model;

/// The screen of a step: its state while it is shown, its input, and its drawing.
pub trait StepScreen: Pressed + fmt::Debug + Any {
    /// Where keys go at this moment.
    fn input(&self) -> Input<'_>;

    /// Takes typed or pasted text, while [`StepScreen::input`] says that there is one being written.
    fn write(&mut self, cx: &mut Context<'_>, written: Written<'_>);

    /// Takes the keys back from the text, if it has them, and keeps the text.
    fn stop(&mut self, cx: &mut Context<'_>);

    /// The list that the keys which move line by line choose from; without one they scroll.
    fn choice(&mut self, model: &Model) -> Option<Choice<'_>>;

    /// Called when the learner goes on to the next step.
    fn go_on(&mut self, cx: &mut Context<'_>);

    /// Called with news that may be about this step: a file was saved, or a result has come.
    fn hear(&mut self, cx: &mut Context<'_>, news: News<'_>);

    /// How much of the terminal it needs.
    fn width(&self) -> Width;

    /// Draws the text.
    fn draw(&self, page: &mut Page<'_>, model: &Model);
}

/// The keys of a kind of step.
pub trait Keys {
    /// The actions of the keys.
    type Action: Copy;

    /// Every key that does something at this moment.
    fn keys(&self, model: &Model) -> Vec<Binding<Self::Action>>;

    /// Carries out an action.
    fn act(&mut self, cx: &mut Context<'_>, action: Self::Action);
}

/// The keys of a step of any kind.
pub trait Pressed {
    /// Every key that does something at this moment.
    fn bindings(&self, model: &Model) -> Vec<Binding<()>>;

    /// Carries out the action of this key.
    fn press(&mut self, cx: &mut Context<'_>, key: KeyEvent);
}

impl<K: Keys> Pressed for K {
    fn bindings(&self, model: &Model) -> Vec<Binding<()>> {
        self.keys(model).into_iter().map(|binding| binding.with(())).collect()
    }

    fn press(&mut self, cx: &mut Context<'_>, key: KeyEvent) {
        let pressed = self.keys(cx.model).into_iter().find(|binding| binding.fits(key));
        if let Some(binding) = pressed {
            self.act(cx, binding.action);
        }
    }
}

/// Where the keys of a step go.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// They are commands.
    Commands,
    /// Into the text that is re-typed; keys without a character still scroll.
    Typing,
    /// Into this field, while it is being written.
    Field(&'a NoteEditor),
}

impl<'a> Input<'a> {
    /// Whether characters go into a text at the moment.
    pub fn takes_text(self) -> bool {
        match self {
            Self::Commands => false,
            Self::Typing => true,
            Self::Field(editor) => editor.writing,
        }
    }

    /// The field below the text, written at the moment or not.
    pub fn field(self) -> Option<&'a NoteEditor> {
        match self {
            Self::Field(editor) => Some(editor),
            Self::Commands | Self::Typing => None,
        }
    }
}

/// The input of a text.
#[derive(Debug, Clone, Copy)]
pub enum Written<'a> {
    /// A key.
    Key(KeyEvent),
    /// A paste.
    Paste(&'a str),
}

/// A choice of one of several lines.
#[derive(Debug)]
pub struct Choice<'a> {
    /// The chosen line.
    pub selected: &'a mut usize,
    /// How many there are.
    pub of: usize,
}

impl Choice<'_> {
    /// Moves the choice down by this many lines, or up.
    pub fn move_by(self, lines: i16) {
        *self.selected = self.selected.saturating_add_signed(lines.into()).min(self.of.saturating_sub(1));
    }
}

/// How much of the terminal's width a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Enough for lines of prose.
    Prose,
    /// Enough for whole lines of code.
    Code,
    /// Enough for two texts of code side by side, or the whole width if the monitor does not fit as well.
    Comparison,
}
