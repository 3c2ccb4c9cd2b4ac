//! Screens and lines as text with their styles, for snapshots. Ratatui's own `TestBackend` display leaves styles out.

mod dump;
pub(crate) mod learner;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::text::Line;

/// The drawing of a view: its text, then a list of its styles.
pub(crate) fn styled_dump(buffer: &Buffer) -> String {
    let area = buffer.area;
    // A wide character fills its cell and leaves blanks in the ones behind it.
    let row = |y| {
        let mut covered = 0;
        (area.left()..area.right())
            .map(|x| {
                let mut cell = describe(&buffer[(x, y)]);
                if covered > 0 {
                    cell.symbol.clear();
                }
                covered = dump::width(&cell.symbol).max(covered).saturating_sub(1);
                cell
            })
            .collect()
    };
    dump::dump(&(area.top()..area.bottom()).map(row).collect::<Vec<_>>())
}

/// The same for lines that are not on a screen yet, in the columns that the widest needs.
pub(crate) fn styled_lines(lines: &[Line<'_>]) -> String {
    let width = lines.iter().map(Line::width).max().unwrap_or_default();
    let size = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    let mut buffer = Buffer::empty(Rect::new(0, 0, size(width), size(lines.len())));
    for (line, y) in lines.iter().zip(0..) {
        buffer.set_line(0, y, line, size(width));
    }
    styled_dump(&buffer)
}

fn describe(cell: &Cell) -> dump::Cell {
    let bg = color(cell.bg).map(|color| format!("on {color}"));
    let modifiers = cell.modifier.iter_names().map(|(name, _)| name.to_lowercase());
    let style = color(cell.fg).into_iter().chain(bg).chain(modifiers).collect::<Vec<_>>().join(" ");
    dump::Cell { symbol: cell.symbol().to_owned(), style }
}

fn color(color: Color) -> Option<String> {
    let index = match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    Some(dump::index_name(index))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use ratatui::style::Stylize;
    use ratatui::text::Span;

    use super::*;

    #[test]
    fn a_dump_shows_the_text_and_then_its_styles() {
        let lines = [
            Line::from(vec![Span::raw("│").dark_gray(), " a ".into(), "日本".bold().red(), " z".into()]),
            Line::from(vec![Span::raw("│").dark_gray(), " plain".into()]),
            Line::default(),
        ];
        assert_snapshot!(styled_lines(&lines), @r#"
        │ a 日本 z
        │ plain

        styles
        0-1   0       dark-gray
        0     4-7     red bold  "日本"
        "#);
    }
}
