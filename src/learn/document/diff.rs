//! Two texts as one, with the differences marked: by sign, by colour, and within the line.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use similar::{ChangeTag, TextDiff};

use crate::learn::theme::Theme;
use crate::text::{clean, truncate};

/// A unified view of both texts: `-` only in the first, `+` only in the second.
pub(super) fn lines(first: &str, second: &str, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let diff = TextDiff::from_lines(first, second);
    let mut lines = Vec::new();
    for op in diff.ops() {
        for change in diff.iter_inline_changes(op) {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (" ", theme.muted),
                ChangeTag::Delete => ("-", theme.bad),
                ChangeTag::Insert => ("+", theme.good),
            };
            let pieces = change.iter_strings_lossy().map(|(emphasised, text)| (emphasised, text.into_owned()));
            lines.push(line(sign, style, pieces, columns, theme));
        }
    }
    lines
}

fn line(
    sign: &'static str,
    style: Style,
    pieces: impl Iterator<Item = (bool, String)>,
    columns: u16,
    theme: &Theme,
) -> Line<'static> {
    let mut spans = vec![Span::styled(format!("{sign} "), style)];
    let mut room = usize::from(columns).saturating_sub(2);
    for (emphasised, text) in pieces {
        let text = clean(text.trim_end_matches(['\r', '\n']));
        let text = truncate(&text, room).into_owned();
        room = room.saturating_sub(crate::text::width(&text));
        // Only the sign and the part that changed stand out; the rest of the line stays easy to read.
        let plain = if sign == " " { theme.muted } else { Style::new() };
        spans.push(Span::styled(text, if emphasised { style } else { plain }));
    }
    Line::from(spans)
}
