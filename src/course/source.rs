//! A file of a lesson, with positions.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use judge::source::bytes;

use super::diagnostic::{Code, Diagnostic, Excerpt};
use super::markdown::{Excess, excess};

/// The text of a file and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    path: PathBuf,
    text: Arc<str>,
}

impl Source {
    pub(super) fn new(path: impl Into<PathBuf>, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Reads `path`, which is relative to `root`. A byte order mark and carriage returns before newlines are left out,
    /// so that a checkout on Windows is the same text.
    pub(super) fn read(root: &Path, path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let raw = String::from_utf8(bytes(&root.join(&path))?)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))?;
        let text = raw.strip_prefix('\u{feff}').unwrap_or(&raw).replace("\r\n", "\n");
        Ok(Self::new(path, &text))
    }

    /// The path from the workshop's root.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How this file exceeds the limits of Markdown, if it does.
    pub(super) fn excess(&self) -> Option<Diagnostic> {
        excess(&self.text).map(|excess| self.excessive(0, excess))
    }

    /// The same for a string in it, at `span`.
    pub(super) fn excess_of(&self, span: Range<usize>, text: &str) -> Option<Diagnostic> {
        let quote = self.text.get(span.clone()).map_or(0, |quoted| match quoted.as_bytes() {
            // The newline behind it is not part of the string.
            [one, two, three, b'\n', ..] if one == two && two == three => 4,
            [one, two, three, ..] if one == two && two == three => 3,
            _ => 1,
        });
        excess(text).map(|excess| self.excessive(span.start + quote, excess))
    }

    fn excessive(&self, from: usize, excess: Excess) -> Diagnostic {
        let at = from + excess.at;
        self.error(at..at + 1, excess.code, excess.message).help(excess.help.to_owned())
    }

    /// An error about the part of the file at `span`.
    pub(super) fn error(&self, span: Range<usize>, code: Code, message: impl Into<String>) -> Diagnostic {
        let span = self.first_line_of(span);
        let (line, column) = fields::position(&self.text, span.start);
        Diagnostic {
            line,
            column,
            excerpt: Some(Excerpt { text: Arc::clone(&self.text), span }),
            ..Diagnostic::about(&self.path, code, message)
        }
    }

    /// Keeps the excerpt to one line, even for a table or a string of many lines.
    fn first_line_of(&self, span: Range<usize>) -> Range<usize> {
        let start = self.char_boundary(span.start);
        let end = self.char_boundary(span.end).max(start);
        let line = self.text[start..end].find('\n').unwrap_or(end - start);
        start..start + line
    }

    fn char_boundary(&self, offset: usize) -> usize {
        (0..=offset.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_span_outside_the_text_is_brought_inside() {
        let source = Source::new("a.toml", "é\nb");
        for span in [0..1, 1..2, 2..3, 90..99, 0..99] {
            let found = source.error(span.clone(), Code::Syntax, "x");
            assert!(found.line <= 2, "{span:?}");
        }
    }

    #[test]
    fn a_file_from_windows_is_the_same_text() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "\u{feff}a\r\nb\r\n").unwrap();
        assert_eq!(Source::read(folder.path(), "a.md").unwrap().text(), "a\nb\n");
    }
}
