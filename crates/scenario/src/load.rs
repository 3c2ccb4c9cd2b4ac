//! Reading a scenario from TOML, with the position of everything that is wrong.
//!
//! `tables` declares what may be written, `step` tells its actions apart, `names` and `json` have values. `check` makes a
//! script of it and says what cannot be; `memory` does so for a scenario about memory.

mod check;
pub(crate) mod json;
mod memory;
pub(crate) mod names;
mod step;
mod tables;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use fields::{Found, Mistake, Shape, Value as _};

use crate::script::Script;

/// A scenario file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be read at all.
    #[error("{}: the scenario cannot be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is not a scenario.
    #[error("{}", lines(mistakes))]
    Wrong {
        /// All that is wrong, in the order of the file; at least one.
        mistakes: Vec<Misplaced>,
    },
}

impl LoadError {
    pub(crate) fn wrong(mistakes: Vec<Mistake>, text: &str, path: &Path) -> Self {
        Self::Wrong { mistakes: mistakes.into_iter().map(|mistake| Misplaced::new(mistake, text, path)).collect() }
    }
}

/// Something that is wrong, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Misplaced {
    fn new(mistake: Mistake, text: &str, path: &Path) -> Self {
        let (line, column) = fields::position(text, mistake.span.start);
        Self { path: path.to_owned(), line, column, message: mistake.message, help: mistake.help }
    }
}

impl fmt::Display for Misplaced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, message, help } = self;
        write!(formatter, "{}:{line}:{column}: {message}", path.display())?;
        help.iter().try_for_each(|help| write!(formatter, "; {help}"))
    }
}

fn lines(mistakes: &[Misplaced]) -> String {
    mistakes.iter().map(Misplaced::to_string).collect::<Vec<_>>().join("\n")
}

impl Script {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// [`LoadError`] with everything that is wrong, each where it stands: TOML syntax, unknown keys, unknown clients,
    /// steps that do nothing or two things.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| LoadError::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text, path)
    }

    /// Reads a scenario from a text; `path` is for messages alone.
    ///
    /// # Errors
    ///
    /// As [`Script::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, LoadError> {
        Self::read(text).map_err(|mistakes| LoadError::wrong(mistakes, text, path))
    }

    /// What may be written in a scenario file.
    pub fn shape() -> Shape {
        tables::File::shape()
    }

    /// Reads a scenario from a text, for callers that show mistakes in their own way.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let found = Found::default();
        let script = fields::read(text, &found).map(|file| check::script(file, text, &found));
        whole(script, found)
    }
}

/// The place that a scenario's text gives it among those of its exercise, read from what stands above its steps. `None` if
/// it gives none, or cannot be read.
pub fn order_in(text: &str) -> Option<NonZeroU32> {
    let head = text.split("[[steps]]").next()?;
    let order = toml::from_str::<toml::Table>(head).ok()?.get("order")?.as_integer()?;
    NonZeroU32::new(order.try_into().ok()?)
}

/// What was read, if nothing is wrong with it.
pub(crate) fn whole<T>(read: Option<T>, found: Found) -> Result<T, Vec<Mistake>> {
    let mistakes = found.into_sorted();
    read.filter(|_| mistakes.is_empty()).ok_or(mistakes)
}
