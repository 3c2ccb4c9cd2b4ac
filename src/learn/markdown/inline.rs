//! Text in several styles, and its wrapping.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::width;

/// Ends a line. Cleaned text has none of its own.
const BREAK: &str = "\n";
/// A space at which no line may end.
const NO_BREAK: &str = "\u{a0}";
/// Columns of code that stays on one line. Wider code may be broken at its spaces, or lines would be too ragged.
const WHOLE: usize = 40;

/// Text in several styles, before it is wrapped.
#[derive(Debug, Default)]
pub(super) struct Inline {
    runs: Vec<(String, Style)>,
}

impl Inline {
    /// Adds cleaned text.
    pub(super) fn push(&mut self, text: &str, style: Style) {
        self.runs.push((text.to_owned(), style));
    }

    /// Adds cleaned code, which stays on one line unless it is long.
    pub(super) fn push_code(&mut self, code: &str, style: Style) {
        let code = if width(code) > WHOLE { code.to_owned() } else { code.replace(' ', NO_BREAK) };
        self.runs.push((code, style));
    }

    /// Ends the line here.
    pub(super) fn line_break(&mut self) {
        self.push(BREAK, Style::new());
    }

    /// How many pieces of text there are, for a later [`Self::text_from`].
    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }

    /// The text that was added after there were `len` pieces.
    pub(super) fn text_from(&self, len: usize) -> String {
        self.runs[len..].iter().map(|(text, _)| text.as_str()).collect()
    }

    /// Has everything take `style` as well.
    pub(super) fn patch(&mut self, style: Style) {
        for run in &mut self.runs {
            run.1 = run.1.patch(style);
        }
    }

    /// The columns it takes on one line.
    pub(super) fn width(&self) -> usize {
        self.runs.iter().map(|(text, _)| width(text)).sum()
    }

    /// The columns that its longest word takes.
    pub(super) fn longest_word(&self) -> usize {
        self.text_from(0).split([' ', '\n']).map(width).max().unwrap_or_default()
    }

    /// Breaks it into lines of at most `room` columns: between words, or inside a word that is wider than that.
    pub(super) fn wrap(&self, room: usize) -> Vec<Line<'static>> {
        let mut wrapper = Wrapper::new(room);
        for (text, style) in &self.runs {
            for grapheme in text.graphemes(true) {
                wrapper.push(grapheme, *style);
            }
        }
        wrapper.end_word();
        if !wrapper.line.spans.is_empty() {
            wrapper.end_line();
        }
        wrapper.lines
    }
}

/// Text with its width, which would otherwise be measured again and again.
#[derive(Default)]
struct Piece {
    spans: Vec<Span<'static>>,
    width: usize,
}

impl Piece {
    fn push(&mut self, text: &str, style: Style) {
        self.width += width(text);
        match self.spans.last_mut() {
            Some(last) if last.style == style => last.content.to_mut().push_str(text),
            _ => self.spans.push(Span::styled(text.to_owned(), style)),
        }
    }

    fn append(&mut self, piece: Piece) {
        for span in piece.spans {
            self.push(&span.content, span.style);
        }
    }
}

struct Wrapper {
    room: usize,
    lines: Vec<Line<'static>>,
    line: Piece,
    /// The style of the space that the next word follows.
    gap: Option<Style>,
    word: Piece,
}

impl Wrapper {
    fn new(room: usize) -> Self {
        Self { room, lines: Vec::new(), line: Piece::default(), gap: None, word: Piece::default() }
    }

    fn push(&mut self, grapheme: &str, style: Style) {
        match grapheme {
            " " => {
                self.end_word();
                self.gap = Some(style);
            }
            BREAK => {
                self.end_word();
                self.end_line();
            }
            _ => {
                let grapheme = if grapheme == NO_BREAK { " " } else { grapheme };
                if self.word.width + width(grapheme) > self.room {
                    self.end_word();
                }
                self.word.push(grapheme, style);
            }
        }
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if word.spans.is_empty() {
            return;
        }
        let gap = self.gap.take();
        if self.line.width + usize::from(gap.is_some()) + word.width > self.room && !self.line.spans.is_empty() {
            self.end_line();
        }
        // A space at the start of a line would look like an indent.
        if let Some(style) = gap.filter(|_| !self.line.spans.is_empty()) {
            self.line.push(" ", style);
        }
        self.line.append(word);
    }

    fn end_line(&mut self) {
        self.gap = None;
        let line = std::mem::take(&mut self.line);
        self.lines.push(Line::from(line.spans));
    }
}
