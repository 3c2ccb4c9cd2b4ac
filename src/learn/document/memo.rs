//! A cache of texts that are laid out.
//!
//! A frame is made from the model alone, up to thirty times a second, and most of it is the same as in the previous
//! frame. So a long text is laid out once for each width and theme, and its lines are kept for as long as they are
//! used. The lines depend only on the request, so the cache cannot be noticed from outside.

use std::cell::RefCell;
use std::collections::VecDeque;

use ratatui::style::Style;
use ratatui::text::Line;

use crate::learn::theme::Theme;

/// Bytes from which a text is kept: a shorter one is laid out faster than found.
const WORTH_KEEPING: usize = 512;

/// The most texts that are kept: more than two documents have, because a learner goes back and forth.
const MOST: usize = 64;

/// The most lines in all of them. A few documents with the longest texts have as many; they take some tens of MiB.
const MOST_LINES: usize = 200_000;

/// The ways to turn a text into lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layout {
    Markdown,
    /// With this indentation.
    Paragraph(usize, Style),
    Verbatim(Style),
    Message(Style),
    /// The text and a second one as one, with the differences.
    Difference,
}

/// Everything that decides how a text is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) layout: Layout,
    pub(super) text: &'a str,
    /// Empty unless the layout is about two.
    pub(super) second: &'a str,
    pub(super) columns: u16,
    pub(super) theme: &'a Theme,
}

struct Kept {
    layout: Layout,
    text: String,
    second: String,
    columns: u16,
    theme: Theme,
    lines: Vec<Line<'static>>,
}

impl Kept {
    fn answers(&self, asked: &Asked<'_>) -> bool {
        self.layout == asked.layout
            && self.columns == asked.columns
            && self.text == asked.text
            && self.second == asked.second
            && self.theme == *asked.theme
    }
}

thread_local! {
    /// The most recently used is last.
    static KEPT: RefCell<VecDeque<Kept>> = const { RefCell::new(VecDeque::new()) };
}

/// The lines of a text, which `lay_out` makes if they are not known.
pub(super) fn lines(asked: Asked<'_>, lay_out: impl FnOnce() -> Vec<Line<'static>>) -> Vec<Line<'static>> {
    if asked.text.len() + asked.second.len() < WORTH_KEEPING {
        return lay_out();
    }
    let known = KEPT.with_borrow_mut(|kept| {
        let found = kept.iter().position(|it| it.answers(&asked))?;
        let found = kept.remove(found)?;
        let lines = found.lines.clone();
        kept.push_back(found);
        Some(lines)
    });
    known.unwrap_or_else(|| {
        let lines = lay_out();
        keep(asked, lines.clone());
        lines
    })
}

fn keep(asked: Asked<'_>, lines: Vec<Line<'static>>) {
    let Asked { layout, text, second, columns, theme } = asked;
    let (text, second, theme) = (text.to_owned(), second.to_owned(), theme.clone());
    KEPT.with_borrow_mut(|kept| {
        make_room(kept, lines.len());
        kept.push_back(Kept { layout, text, second, columns, theme, lines });
    });
    #[cfg(test)]
    LAID_OUT.set(LAID_OUT.get() + 1);
}

/// Forgets the oldest until there is room for one more with this many lines. That one is kept however long it is.
fn make_room(kept: &mut VecDeque<Kept>, lines: usize) {
    let in_all = |kept: &VecDeque<Kept>| lines + kept.iter().map(|it| it.lines.len()).sum::<usize>();
    while !kept.is_empty() && (kept.len() >= MOST || in_all(kept) > MOST_LINES) {
        kept.pop_front();
    }
}

#[cfg(test)]
thread_local! {
    static LAID_OUT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many long texts this thread has laid out.
#[cfg(test)]
pub(in crate::learn) fn laid_out() -> usize {
    LAID_OUT.get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Depth;

    #[test]
    fn everything_that_decides_about_the_lines_is_told_apart() {
        let (theme, other) = (Theme::new(Depth::None), Theme::new(Depth::Indexed));
        let (text, longer) = ("x".repeat(WORTH_KEEPING), "x".repeat(WORTH_KEEPING + 1));
        let one = Asked { layout: Layout::Markdown, text: &text, second: "", columns: 80, theme: &theme };
        let all = [
            one,
            Asked { text: &longer, ..one },
            Asked { second: "x", ..one },
            Asked { columns: 81, ..one },
            Asked { theme: &other, ..one },
            Asked { layout: Layout::Difference, ..one },
            Asked { layout: Layout::Paragraph(0, Style::new()), ..one },
            Asked { layout: Layout::Paragraph(2, Style::new()), ..one },
        ];
        for (number, asked) in all.into_iter().enumerate() {
            let lay_out = || vec![Line::raw(number.to_string())];
            assert_eq!(lines(asked, lay_out), lay_out());
        }
        for (number, asked) in all.into_iter().enumerate() {
            assert_eq!(lines(asked, || panic!("laid out twice")), [Line::raw(number.to_string())]);
        }
    }

    fn texts(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{number:WORTH_KEEPING$}")).collect()
    }

    /// Whether this text, of `count` lines, had to be laid out.
    fn is_laid_out(text: &str, count: usize) -> bool {
        let before = laid_out();
        let theme = Theme::new(Depth::None);
        let asked = Asked { layout: Layout::Markdown, text, second: "", columns: 80, theme: &theme };
        assert_eq!(lines(asked, || vec![Line::default(); count]).len(), count);
        laid_out() > before
    }

    #[test]
    fn unused_texts_are_forgotten() {
        let texts = texts(MOST + 1);
        assert!(texts.iter().all(|text| is_laid_out(text, 0)));
        assert!(!is_laid_out(&texts[1], 0), "the newest are kept");
        assert!(is_laid_out(&texts[0], 0), "the oldest is not");
    }

    #[test]
    fn long_texts_are_forgotten_before_there_are_many() {
        let texts = texts(4);
        let third = MOST_LINES / 3;
        assert!(texts.iter().all(|text| is_laid_out(text, third)));
        assert!(!is_laid_out(&texts[1], third), "the newest are kept");
        assert!(is_laid_out(&texts[0], third), "the oldest is not");
    }
}
