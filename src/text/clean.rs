//! Removes sequences that a terminal would obey, and shows characters that a reader would not see.

use unicode_width::UnicodeWidthChar;

/// Columns between tab stops.
pub const TAB_WIDTH: usize = 4;

/// Combining marks kept on one character; the rest are dropped.
pub const MAX_MARKS: usize = 8;

const ESCAPE: char = '\u{1b}';

/// Cleans text that is shown on one line: a newline becomes `⏎`.
pub fn clean(text: &str) -> String {
    let mut cleaner = Cleaner::new(text.len());
    let mut lines = Lines::new(text);
    if let Some(first) = lines.next() {
        cleaner.line(first);
    }
    for line in lines {
        cleaner.push_visible('⏎');
        cleaner.line(line);
    }
    cleaner.out
}

/// Cleans text of several lines; each line is cleaned as by [`clean`], and the newlines stay.
pub fn clean_multiline(text: &str) -> String {
    let mut cleaner = Cleaner::new(text.len());
    let mut lines = Lines::new(text);
    if let Some(first) = lines.next() {
        cleaner.line(first);
    }
    for line in lines {
        cleaner.newline();
        cleaner.line(line);
    }
    cleaner.out
}

/// The lines of a text, including the empty one after a final newline, without `\n` or `\r\n`.
struct Lines<'a>(std::str::Split<'a, char>);

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self(text.split('\n'))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.next().map(|line| line.strip_suffix('\r').unwrap_or(line))
    }
}

struct Cleaner {
    out: String,
    column: usize,
    marks: usize,
}

impl Cleaner {
    fn new(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), column: 0, marks: 0 }
    }

    fn line(&mut self, line: &str) {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            if let Some(after) = skip_sequence(rest, first) {
                rest = after;
            } else {
                self.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.column = 0;
        self.marks = 0;
    }

    fn push(&mut self, character: char) {
        match character {
            '\t' => self.push_tab(),
            '\0'..='\u{1f}' => self.push_picture(0x2400 + u32::from(character)),
            '\u{7f}' => self.push_picture(0x2421),
            // Variation selectors only choose between an emoji's two looks, and terminals disagree about the width that
            // results.
            '\u{fe0e}' | '\u{fe0f}' => {}
            _ if is_hidden(character) => self.push_code_point(character),
            _ => self.push_visible(character),
        }
    }

    fn push_tab(&mut self) {
        let spaces = TAB_WIDTH - self.column % TAB_WIDTH;
        for _ in 0..spaces {
            self.push_visible(' ');
        }
    }

    fn push_picture(&mut self, code_point: u32) {
        self.push_visible(char::from_u32(code_point).unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    fn push_code_point(&mut self, character: char) {
        for shown in format!("<U+{:04X}>", u32::from(character)).chars() {
            self.push_visible(shown);
        }
    }

    fn push_visible(&mut self, character: char) {
        let wide = character.width().unwrap_or(0);
        if wide == 0 {
            self.marks += 1;
            if self.marks > MAX_MARKS {
                return;
            }
        } else {
            self.marks = 0;
        }
        self.out.push(character);
        self.column += wide;
    }
}

/// The text after the escape sequence that `text` starts with; `None` if it starts with none.
fn skip_sequence(text: &str, first: char) -> Option<&str> {
    let after_first = &text[first.len_utf8()..];
    match first {
        ESCAPE => Some(skip_after_escape(after_first)),
        '\u{9b}' => Some(skip_control_sequence(after_first)),
        '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => Some(skip_string(after_first)),
        '\u{9c}' => Some(after_first),
        _ => None,
    }
}

fn skip_after_escape(text: &str) -> &str {
    let Some(kind) = text.chars().next() else {
        return text;
    };
    match kind {
        '[' => skip_control_sequence(&text[1..]),
        'P' | 'X' | ']' | '^' | '_' => skip_string(&text[1..]),
        ' '..='~' => skip_short_sequence(text),
        // A lone escape: the next character is not part of it.
        _ => text,
    }
}

/// Intermediate bytes and one final byte, as in `ESC ( B`.
fn skip_short_sequence(text: &str) -> &str {
    let rest = text.trim_start_matches(|c| matches!(c, ' '..='/'));
    rest.strip_prefix(|c| matches!(c, '0'..='~')).unwrap_or(rest)
}

/// Parameters, intermediate bytes and one final byte, as in `ESC [ 1 ; 31 m`.
fn skip_control_sequence(text: &str) -> &str {
    let rest = text.trim_start_matches(|c| matches!(c, '0'..='?'));
    let rest = rest.trim_start_matches(|c| matches!(c, ' '..='/'));
    rest.strip_prefix(|c| matches!(c, '@'..='~')).unwrap_or(rest)
}

/// A string such as a window title, up to BEL or the string terminator. Any other control means that it has no end.
fn skip_string(text: &str) -> &str {
    let Some(end) = text.find(|c: char| c.is_control() && c != '\t') else {
        return text;
    };
    let (_, tail) = text.split_at(end);
    tail.strip_prefix('\u{7}')
        .or_else(|| tail.strip_prefix("\u{1b}\\"))
        .or_else(|| tail.strip_prefix('\u{9c}'))
        .unwrap_or(text)
}

/// Characters that are invisible, reorder their neighbours or end a line without being a newline.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{1345f}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["", "room project:p1", "naïve 日本語 🦀", "{\"a\":[1,2]}"] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn escape_sequences_are_removed_whole() {
        for (raw, shown) in [
            ("\u{1b}[1;31mred\u{1b}[0m", "red"),
            ("\u{1b}[?25lhidden cursor", "hidden cursor"),
            ("\u{1b}]0;title\u{7}after", "after"),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("\u{1b}P1$rdata\u{1b}\\after", "after"),
            ("\u{1b}_application\u{9c}after", "after"),
            ("\u{9b}2Jafter", "after"),
            ("\u{9d}0;title\u{9c}after", "after"),
            ("\u{1b}(Bafter", "after"),
            ("\u{1b}cafter", "after"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[", "a"),
            ("a\u{1b}[12", "a"),
            ("\u{1b}[3\u{1b}[1mb", "b"),
        ] {
            assert_eq!(clean(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn a_sequence_without_end_does_not_hide_the_text_after_it() {
        assert_eq!(clean("\u{1b}]0;title and more"), "0;title and more");
        assert_eq!(clean_multiline("\u{1b}]0;title\nnext\u{7}"), "0;title\nnext␇");
    }

    #[test]
    fn controls_are_shown() {
        assert_eq!(clean("a\0b\u{8}c\u{7f}d\re\u{85}"), "a␀b␈c␡d␍e<U+0085>");
    }

    #[test]
    fn characters_that_deceive_are_shown() {
        for (raw, shown) in [
            ("a\u{202e}b", "a<U+202E>b"),
            ("a\u{2066}b\u{2069}", "a<U+2066>b<U+2069>"),
            ("a\u{200b}b", "a<U+200B>b"),
            ("\u{feff}a", "<U+FEFF>a"),
            ("a\u{e0041}b", "a<U+E0041>b"),
            ("a\u{e0100}b", "a<U+E0100>b"),
            ("a\u{2028}b", "a<U+2028>b"),
            ("a\u{ad}b", "a<U+00AD>b"),
            ("a\u{3164}b", "a<U+3164>b"),
        ] {
            assert_eq!(clean(raw), shown);
        }
    }

    #[test]
    fn newlines_stay_only_where_lines_are_wanted() {
        assert_eq!(clean("a\nb\r\nc"), "a⏎b⏎c");
        assert_eq!(clean_multiline("a\nb\r\nc\n"), "a\nb\nc\n");
    }

    #[test]
    fn tabs_reach_the_next_stop_of_their_own_line() {
        assert_eq!(clean_multiline("\ta\nab\tc\n日\td"), "    a\nab  c\n日  d");
    }

    #[test]
    fn a_tower_of_marks_is_bounded() {
        let tower = format!("e{}x", "\u{301}".repeat(10_000));
        assert_eq!(clean(&tower), format!("e{}x", "\u{301}".repeat(MAX_MARKS)));
    }

    #[test]
    fn every_character_comes_out_fit_for_a_screen_and_stays_so() {
        for character in '\0'..=char::MAX {
            let once = clean(&format!("a{character}b"));
            assert!(!once.contains(|c: char| c.is_control() || is_hidden(c)), "{character:?} gives {once:?}");
            assert_eq!(clean(&once), once, "{character:?}");
        }
    }

    #[test]
    fn introducers_without_end_are_cleaned_in_linear_time() {
        let hostile = "\u{9d}x\u{1b}]y".repeat(200_000);
        assert_eq!(clean(&hostile).len(), 400_000);
    }
}
