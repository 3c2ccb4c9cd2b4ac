//! Decides which characters of a text the learner types, and which are given.

use unicode_segmentation::UnicodeSegmentation;

/// One line of a chunk.
#[derive(Debug, Clone)]
pub(super) struct PlanLine {
    pub(super) cells: Vec<Cell>,
}

/// One grapheme of a line.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) text: String,
    /// The key to press for it; `None` if it is given.
    pub(super) asked: Option<char>,
}

impl PlanLine {
    /// The first cell from `from` on that is asked for.
    pub(super) fn next_asked(&self, from: usize) -> Option<usize> {
        (from..self.cells.len()).find(|&at| self.cells[at].asked.is_some())
    }

    /// How many keys the line takes, with the Enter at its end.
    pub(super) fn keys(&self) -> usize {
        match self.cells.iter().filter(|cell| cell.asked.is_some()).count() {
            0 => 0,
            cells => cells + 1,
        }
    }
}

/// Plans each line of `text`.
pub(super) fn plan(text: &str) -> Vec<PlanLine> {
    let mut comments = Comments::default();
    text.lines().map(|line| plan_line(line, comments.is_comment(line))).collect()
}

fn plan_line(line: &str, given: bool) -> PlanLine {
    let body = line.trim();
    let start = line.len() - line.trim_start().len();
    let typed = if given { 0..0 } else { start..start + body.len() };
    let cells = line.grapheme_indices(true).map(|(at, grapheme)| Cell {
        text: grapheme.to_owned(),
        asked: key_for(grapheme).filter(|_| typed.contains(&at)),
    });
    PlanLine { cells: cells.collect() }
}

/// The key for a grapheme that every keyboard has.
fn key_for(grapheme: &str) -> Option<char> {
    let mut characters = grapheme.chars();
    let only = characters.next().filter(|_| characters.next().is_none())?;
    matches!(only, ' '..='~').then_some(only)
}

/// Recognises lines that are only comments. A block comment counts if a line starts with it.
#[derive(Default)]
struct Comments {
    depth: usize,
}

impl Comments {
    fn is_comment(&mut self, line: &str) -> bool {
        let mut rest = line.trim();
        if self.depth == 0 && !rest.starts_with("/*") {
            return rest.starts_with("//");
        }
        while let Some(at) = rest.find(['/', '*']) {
            let (_, tail) = rest.split_at(at);
            if let Some(after) = tail.strip_prefix("/*") {
                self.depth += 1;
                rest = after;
            } else if let Some(after) = tail.strip_prefix("*/") {
                self.depth -= 1;
                rest = after;
                if self.depth == 0 {
                    return rest.trim().is_empty() || rest.trim_start().starts_with("//");
                }
            } else {
                rest = &tail[1..];
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters of each line that are asked for, as one text.
    fn asked(text: &str) -> Vec<String> {
        plan(text).iter().map(|line| line.cells.iter().filter_map(|cell| cell.asked).collect()).collect()
    }

    #[test]
    fn indentation_and_trailing_space_are_given() {
        assert_eq!(asked("\t  let a = 1;  \nb"), ["let a = 1;", "b"]);
    }

    #[test]
    fn blank_lines_and_comments_are_given() {
        assert_eq!(asked("\n   \n// a\n  /// b\n//! c\nx // d\n"), ["", "", "", "", "", "x // d"]);
    }

    #[test]
    fn block_comments_are_given_up_to_their_end() {
        assert_eq!(asked("/* a\n let b;\n /* c */ d\n*/\nlet e;"), ["", "", "", "", "let e;"]);
        assert_eq!(asked("/* a */ // b\n/* a */ let b;"), ["", "/* a */ let b;"]);
        assert_eq!(asked("a = b / c * d; /* e\nf"), ["a = b / c * d; /* e", "f"]);
    }

    #[test]
    fn characters_that_are_not_on_every_keyboard_are_given() {
        assert_eq!(asked("\"e\u{301} ä 👩\u{200d}💻 …\" x"), ["\"   \" x"]);
    }

    #[test]
    fn a_line_takes_its_keys_and_enter() {
        assert_eq!(plan("  ab\n\n// c\nd").iter().map(PlanLine::keys).collect::<Vec<_>>(), [3, 0, 0, 2]);
    }
}
