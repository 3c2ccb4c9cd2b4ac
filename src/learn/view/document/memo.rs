//! Texts that are laid out already.
//!
//! A frame is made of nothing but the model, up to thirty times a second, and most of it is what the frame before showed.
//! So a long text is laid out once for a width and a theme, and its lines are kept for as long as somebody asks for them.
//! Nobody can tell that from the lines, which depend on nothing but what is asked: that is why this may be hidden in here.

use std::cell::RefCell;
use std::collections::VecDeque;

use ratatui::style::Style;
use ratatui::text::Line;

use crate::learn::theme::Theme;

/// A shorter text is laid out faster than it is looked for.
const WORTH_KEEPING: usize = 512;

/// More than a document has long texts, twice: each is laid out for the screen, and to know how far it can be scrolled.
const MOST: usize = 64;

/// How a text becomes lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layout {
    Markdown,
    /// With this indentation.
    Paragraph(usize, Style),
    Verbatim(Style),
    Message(Style),
    /// The text and a second one as one, with what differs.
    Difference,
}

/// All that decides how a text is laid out.
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
    /// The last that was asked for comes last.
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
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(Kept { layout, text, second, columns, theme, lines });
    });
    #[cfg(test)]
    LAID_OUT.set(LAID_OUT.get() + 1);
}

#[cfg(test)]
thread_local! {
    static LAID_OUT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many long texts this thread has laid out.
#[cfg(test)]
pub(in crate::learn::view) fn laid_out() -> usize {
    LAID_OUT.get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::theme::Depth;

    #[test]
    fn whatever_decides_about_the_lines_is_told_apart() {
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

    #[test]
    fn what_nobody_asks_for_is_forgotten() {
        let theme = Theme::new(Depth::None);
        let texts: Vec<_> = (0..=MOST).map(|number| format!("{number:WORTH_KEEPING$}")).collect();
        let ask = |text| {
            let before = laid_out();
            let asked = Asked { layout: Layout::Markdown, text, second: "", columns: 80, theme: &theme };
            lines(asked, Vec::new);
            laid_out() > before
        };
        assert!(texts.iter().all(|text| ask(text)));
        assert!(!ask(&texts[1]), "the newest are kept");
        assert!(ask(&texts[0]), "the oldest is not");
    }
}
