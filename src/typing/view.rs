//! The lines of a chunk as they are drawn.

use crate::text::{clean, width};

use super::engine::Retyping;
use super::fading::{Fading, hidden};
use super::plan::PlanLine;
use super::saved::Cursor;

/// Shown where Enter is expected.
const ENTER_MARK: &str = "⏎";

/// One line of a chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line in pieces of one state each; joined, they are the line.
    pub pieces: Vec<Piece>,
}

/// Part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text to draw: clean, with stand-ins for hidden characters.
    pub text: String,
    /// The state of all its characters.
    pub state: State,
}

/// The state of a character for the learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Typed.
    Done,
    /// Typed for the learner, before or after the cursor.
    Given,
    /// The next character.
    Cursor,
    /// The next character, for which the last key was wrong.
    Wrong,
    /// Still to be typed.
    Pending,
}

impl Retyping {
    /// The lines of a chunk as they are to be drawn. There are none if there is no such chunk.
    ///
    /// Hidden text is shown once it is typed, and after a wrong key at the cursor, so that nobody gets stuck.
    pub fn lines(&self, chunk: usize, fading: Fading) -> Vec<Line> {
        let Some(lines) = self.plan.get(chunk) else { return Vec::new() };
        let hidden = hidden(lines, fading);
        lines
            .iter()
            .zip(&hidden)
            .enumerate()
            .map(|(number, (line, hidden))| {
                self.line_view(Cursor { chunk, line: number, cell: 0 }, line, hidden, fading)
            })
            .collect()
    }

    fn line_view(&self, start: Cursor, line: &PlanLine, hidden: &[bool], fading: Fading) -> Line {
        let mut pieces = Vec::new();
        for (number, (cell, hidden)) in line.cells.iter().zip(hidden).enumerate() {
            let here = Cursor { cell: number, ..start };
            let state = self.state(here, cell.asked.is_none());
            let ahead = here >= self.cursor() && state != State::Wrong;
            let shown = clean(&cell.text);
            push(&mut pieces, if *hidden && ahead { stand_in(&shown, fading) } else { shown }, state);
        }
        let end = Cursor { cell: line.cells.len(), ..start };
        if self.cursor() == end && !self.is_done() {
            push(&mut pieces, ENTER_MARK.to_owned(), self.state(end, false));
        }
        Line { pieces }
    }

    fn state(&self, at: Cursor, given: bool) -> State {
        match at.cmp(&self.cursor()) {
            _ if given => State::Given,
            std::cmp::Ordering::Less => State::Done,
            std::cmp::Ordering::Equal if self.wrong().is_some() => State::Wrong,
            std::cmp::Ordering::Equal => State::Cursor,
            std::cmp::Ordering::Greater => State::Pending,
        }
    }
}

/// As wide as the text that it hides; when everything is hidden, not even the shape of the text shows.
fn stand_in(shown: &str, fading: Fading) -> String {
    let mark = if fading == Fading::All { " " } else { "·" };
    mark.repeat(width(shown))
}

fn push(pieces: &mut Vec<Piece>, text: String, state: State) {
    match pieces.last_mut() {
        Some(last) if last.state == state => last.text.push_str(&text),
        _ => pieces.push(Piece { text, state }),
    }
}
