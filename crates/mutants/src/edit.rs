//! A change in the text of a source.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;

use crate::Mutant;

/// How much of a changed text a description shows, in characters.
const SHOWN: usize = 60;

/// Parts of a text and what comes instead of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// In the order of the text.
    parts: Vec<(Range<usize>, String)>,
    pub(crate) change: String,
}

impl Edit {
    pub(crate) fn new(range: Range<usize>, text: impl Into<String>, change: impl Into<String>) -> Self {
        Self { parts: vec![(range, text.into())], change: change.into() }
    }

    /// `what` becomes something else.
    pub(crate) fn became(source: &str, range: Range<usize>, text: &str) -> Self {
        let change = format!("`{}` became `{text}`", shown(&source[range.clone()]));
        Self::new(range, text, change)
    }

    /// Something is left out.
    pub(crate) fn without(source: &str, range: Range<usize>) -> Self {
        let change = format!("`{}` left out", shown(source[range.clone()].trim()));
        Self::new(range, "", change)
    }

    /// Two neighbours change places.
    pub(crate) fn swapped(source: &str, one: Range<usize>, other: Range<usize>) -> Self {
        let change = format!("`{}` comes after the next statement", shown(&source[one.clone()]));
        let (first, second) = (source[other.clone()].to_owned(), source[one.clone()].to_owned());
        Self { parts: vec![(one, first), (other, second)], change }
    }

    /// Something is taken to another place, which is behind it.
    pub(crate) fn moved(source: &str, from: Range<usize>, to: usize, change: &str) -> Self {
        let text = source[from.clone()].to_owned();
        let change = format!("`{}` {change}", shown(&text));
        Self { parts: vec![(from, String::new()), (to..to, format!("\n{text}\n"))], change }
    }

    pub(crate) fn start(&self) -> usize {
        self.parts.first().map_or(0, |(range, _)| range.start)
    }

    /// The source with the change; nothing if it stays as it was.
    pub(crate) fn mutant(self, source: &str) -> Option<Mutant> {
        let mut changed = source.to_owned();
        for (range, text) in self.parts.iter().rev() {
            changed.replace_range(range.clone(), text);
        }
        let line = source[..self.start()].matches('\n').count() + 1;
        (changed != source).then_some(Mutant { line, change: self.change, source: changed })
    }
}

/// The bytes of a part of the tree.
pub(crate) fn range(part: &impl Spanned) -> Range<usize> {
    bytes(part.span())
}

pub(crate) fn bytes(span: Span) -> Range<usize> {
    span.byte_range()
}

/// A text in one line, cut where it is long.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
