//! The cells of a screen, described for a styled dump.

use super::dump;

/// The screen row by row.
pub(super) fn cells(screen: &vt100::Screen) -> Vec<Vec<dump::Cell>> {
    let (rows, cols) = screen.size();
    let row = |row| (0..cols.get()).filter_map(|col| screen.cell(row, col)).map(cell).collect();
    (0..rows.get()).map(row).collect()
}

fn cell(cell: &vt100::Cell) -> dump::Cell {
    let symbol = match cell.contents() {
        "" if cell.is_wide_continuation() => "",
        "" => " ",
        symbol => symbol,
    };
    let modifiers = [
        (cell.bold(), "bold"),
        (cell.dim(), "dim"),
        (cell.italic(), "italic"),
        (cell.underline(), "underlined"),
        (cell.inverse(), "reversed"),
    ];
    let modifiers = modifiers.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name.to_owned());
    let fg = color(cell.fgcolor());
    let bg = color(cell.bgcolor()).map(|color| format!("on {color}"));
    let style = fg.into_iter().chain(bg).chain(modifiers).collect::<Vec<_>>().join(" ");
    dump::Cell { symbol: symbol.to_owned(), style }
}

fn color(color: vt100::Color) -> Option<String> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => Some(dump::index_name(index)),
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    }
}
