//! The abilities of the output: colours, width, a status line.

use std::io::{IsTerminal as _, stderr, stdout};

use crate::colour::{self, Depth};

/// The width that is assumed where there is no terminal.
const DEFAULT_WIDTH: usize = 80;

/// The abilities of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ui {
    /// How many colours are wanted.
    pub depth: Depth,
    /// How many columns a line has.
    pub width: usize,
    /// Whether a status line may change in place on standard error.
    pub status_line: bool,
}

impl Ui {
    /// Finds out what the terminal can show, if there is one and it may be used.
    pub fn detect(plain: bool) -> Self {
        Self {
            depth: if plain { Depth::None } else { Depth::of_output() },
            width: columns(stdout().is_terminal()),
            status_line: stderr().is_terminal() && !plain && colour::is_able(),
        }
    }

    /// Whether escape codes for colours are wanted.
    pub fn has_colours(self) -> bool {
        self.depth != Depth::None
    }

    /// `text` in this colour, if colours are wanted.
    pub fn paint(self, paint: Paint, text: &str) -> String {
        if self.has_colours() { format!("\x1b[{}m{text}\x1b[0m", paint.code()) } else { text.to_owned() }
    }
}

/// The colours of plain text output, by their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text that passed, or was expected.
    Good,
    /// Text that did not pass, or was not expected.
    Bad,
    /// The part of a bad line that differs.
    BadPart,
    /// The part of a good line that differs.
    GoodPart,
    /// Text that stands out.
    Strong,
    /// Text that may be skipped.
    Dim,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Self::Good => "32",
            Self::Bad => "31",
            Self::GoodPart => "32;7",
            Self::BadPart => "31;7",
            Self::Strong => "1",
            Self::Dim => "2",
        }
    }
}

/// A terminal that does not know its size reports zero columns.
fn columns(is_terminal: bool) -> usize {
    let size = is_terminal.then(crossterm::terminal::size).and_then(Result::ok);
    size.map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0).unwrap_or(DEFAULT_WIDTH)
}
