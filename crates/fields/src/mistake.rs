//! What is wrong at a place.

use std::cell::RefCell;
use std::ops::Range;

/// What kind of mistake it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The text is not TOML.
    Syntax,
    /// A key that means nothing here.
    UnknownKey,
    /// A key that has to be there.
    MissingKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A value of the right type that makes no sense.
    BadValue,
    /// Nothing where something has to be.
    Empty,
    /// A name that is not spelled as an id is.
    BadId,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// What kind of mistake it is.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Mistake {
    /// What is wrong, and what to do about it, in one line.
    pub fn in_words(&self) -> String {
        let help = self.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}{help}", self.message)
    }
}

/// Where mistakes go while a text is read.
pub trait Report {
    /// Takes a mistake.
    fn report(&self, mistake: Mistake);

    /// Whether nobody would read more of them.
    fn is_full(&self) -> bool;

    /// Whether the file may have this text, which stands at `span`. What it objects to it has reported.
    fn accepts(&self, span: Range<usize>, text: &str) -> bool {
        let _ = (span, text);
        true
    }
}

/// An author with so many of them fixes some first.
const MOST: usize = 100;

/// Mistakes that are collected.
#[derive(Debug, Default)]
pub struct Found(RefCell<Vec<Mistake>>);

impl Found {
    /// Adds one.
    pub fn add(&self, span: Range<usize>, code: Code, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.report(Mistake { span, code, message: message.into(), help: help.into() });
    }

    /// Whether nothing was found so far.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// What was found, in the order of the text.
    pub fn into_sorted(self) -> Vec<Mistake> {
        let mut found = self.0.into_inner();
        found.sort_by_key(|mistake| mistake.span.start);
        found
    }
}

impl Report for Found {
    fn report(&self, mistake: Mistake) {
        // Each costs a look for its line, and nobody reads more.
        if !self.is_full() {
            self.0.borrow_mut().push(mistake);
        }
    }

    fn is_full(&self) -> bool {
        self.0.borrow().len() >= MOST
    }
}
