//! Fitting text into columns.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const ELLIPSIS: &str = "…";

/// The columns that `text` takes on the screen.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts `text` to `columns`, on a grapheme boundary; a cut text ends in an ellipsis.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let kept = prefix(text, columns - width(ELLIPSIS));
    Cow::Owned(format!("{kept}{ELLIPSIS}"))
}

/// Breaks one line into lines of at most `columns`, between words if possible, and inside a long word if it must.
///
/// An empty text gives one empty line. A grapheme wider than `columns` stands alone on its line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for run in runs(text) {
        let wide = width(run);
        if used + wide <= columns {
            line.push_str(run);
            used += wide;
            continue;
        }
        if line.trim().is_empty() {
            // Indentation before a word that does not fit would make a blank line.
            line.clear();
        } else {
            push_line(&mut lines, &mut line);
        }
        used = 0;
        if run.starts_with(char::is_whitespace) {
            // The break itself stands for this space.
            continue;
        }
        for grapheme in run.graphemes(true) {
            let wide = width(grapheme);
            if used > 0 && used + wide > columns {
                push_line(&mut lines, &mut line);
                used = 0;
            }
            line.push_str(grapheme);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        push_line(&mut lines, &mut line);
    }
    lines
}

/// The longest prefix of whole graphemes that fits in `columns`.
fn prefix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// Runs of white space and runs of anything else, in turn.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let space = rest.chars().next()?.is_whitespace();
        let end = rest.find(|c: char| c.is_whitespace() != space).unwrap_or(rest.len());
        let (run, tail) = rest.split_at(end);
        rest = tail;
        Some(run)
    })
}

fn push_line(lines: &mut Vec<String>, line: &mut String) {
    let mut whole = std::mem::take(line);
    whole.truncate(whole.trim_end().len());
    lines.push(whole);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncation_keeps_graphemes_whole_and_counts_columns() {
        assert_eq!(truncate("rooms", 5), "rooms");
        assert_eq!(truncate("rooms", 4), "roo…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("日本語", 5), "日本…");
        assert_eq!(truncate("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(truncate("rooms", 1), "…");
        assert_eq!(truncate("rooms", 0), "");
        assert_eq!(truncate("", 0), "");
    }

    #[test]
    fn wrapping_breaks_between_words() {
        assert_eq!(wrap("the wire is real", 8), ["the wire", "is real"]);
        assert_eq!(wrap("hello, you", 6), ["hello,", "you"]);
        assert_eq!(wrap("  indented", 8), ["indented"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn wrapping_breaks_a_long_word_and_wide_graphemes() {
        assert_eq!(wrap("a abcdefgh b", 3), ["a", "abc", "def", "gh", "b"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
        assert_eq!(wrap("日本", 1), ["日", "本"]);
    }

    #[test]
    fn no_wrapped_line_is_too_wide_and_no_word_is_lost() {
        let text = "Rooms let a server reach only the clients that asked, and 日本語 too.";
        for columns in 2..70 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| width(line) <= columns), "{columns}: {lines:?}");
            let letters = |s: &str| s.split_whitespace().collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text));
        }
    }
}
