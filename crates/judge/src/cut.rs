//! Limits the length of texts from answers, compilers and strangers.
//!
//! A panic may print a value of a million elements. Nobody reads that, but a screen lays it out, and a document holds
//! it. So each such text is cut here, once, before it reaches a report. Its beginning is kept, and its end, which has
//! the right-hand side of a comparison.

use std::borrow::Cow;

/// The most bytes that are kept of a text.
pub const LONGEST: usize = 64 * 1024;

/// Bytes that are kept at the beginning of a longer one; a kibibyte is left for the line in the middle.
pub(crate) const HEAD: usize = 47 * 1024;
pub(crate) const TAIL: usize = 16 * 1024;

/// The text, or its beginning and its end with a line in the middle that says how many bytes were left out.
pub fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let head = (0..=HEAD).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let tail = (text.len() - TAIL..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    Cow::Owned(joined(&text[..head], (tail - head) as u64, &text[tail..]))
}

/// [`cut`] for a text that we own.
pub(crate) fn shorten(text: &mut String) {
    if let Cow::Owned(shorter) = cut(text) {
        *text = shorter;
    }
}

/// The beginning and the end of a text, without the `left_out` bytes in between.
pub(crate) fn joined(head: &str, left_out: u64, tail: &str) -> String {
    format!("{head}\n… {left_out} bytes left out …\n{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_kept_whole() {
        let text = "é".repeat(LONGEST / 2);
        assert!(matches!(cut(&text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn a_longer_text_keeps_its_beginning_and_its_end_between_characters() {
        for before in 0..4 {
            let text = format!("{}first{}last", " ".repeat(before), "日".repeat(1_000_000));
            let shorter = cut(&text);
            assert!(shorter.len() <= LONGEST);
            assert!(shorter.trim_start().starts_with("first日") && shorter.ends_with("日last"));
            let (head, rest) = shorter.split_once("\n… ").unwrap();
            let (left_out, tail) = rest.split_once(" bytes left out …\n").unwrap();
            assert_eq!(head.len() + left_out.parse::<usize>().unwrap() + tail.len(), text.len());
            assert_eq!(cut(&shorter), shorter);
        }
    }
}
