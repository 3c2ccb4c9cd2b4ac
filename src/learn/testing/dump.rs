//! The form of a styled dump, shared by views drawn in memory and by programs in a pseudo-terminal.
//!
//! ```text
//! │ Rooms
//! │ Who hears it?
//! styles
//! 0    2-6  bold  "Rooms"
//! 0-1  0    dark-gray
//! ```
//!
//! The text stays readable, and a change of one style changes one line. A style that goes on over several rows in the
//! same columns, such as a border's, is one line too.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

/// A cell of the screen. The cells that a wide character covers have no symbol, but its style.
pub(crate) struct Cell {
    /// What it shows.
    pub(crate) symbol: String,
    /// How, in words; empty for the terminal's own style.
    pub(crate) style: String,
}

/// One style over a range of columns.
struct Stretch {
    columns: (usize, usize),
    style: String,
    first_row: usize,
    last_row: usize,
    text: String,
}

/// The rows' text, then their styles.
pub(crate) fn dump(rows: &[Vec<Cell>]) -> String {
    let mut out = String::new();
    for row in rows {
        let text: String = row.iter().map(|cell| cell.symbol.as_str()).collect();
        let _ = writeln!(out, "{}", text.trim_end());
    }
    out.push_str("styles\n");
    for stretch in stretches(rows) {
        let rows = range(stretch.first_row, stretch.last_row);
        let columns = range(stretch.columns.0, stretch.columns.1);
        let _ = write!(out, "{rows:<5} {columns:<7} {}", stretch.style);
        if stretch.first_row == stretch.last_row {
            let _ = write!(out, "  {:?}", stretch.text.trim_end());
        }
        out.push('\n');
    }
    out
}

/// The columns that text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The name of one of the terminal's numbered colours.
pub(crate) fn index_name(index: u8) -> String {
    const NAMES: [&str; 16] = [
        "black",
        "red",
        "green",
        "yellow",
        "blue",
        "magenta",
        "cyan",
        "gray",
        "dark-gray",
        "light-red",
        "light-green",
        "light-yellow",
        "light-blue",
        "light-magenta",
        "light-cyan",
        "white",
    ];
    NAMES.get(usize::from(index)).map_or_else(|| format!("color-{index}"), |name| (*name).to_owned())
}

fn stretches(rows: &[Vec<Cell>]) -> Vec<Stretch> {
    let mut done: Vec<Stretch> = Vec::new();
    // Stretches of the row above, by their place and style.
    let mut above: BTreeMap<(usize, usize, String), usize> = BTreeMap::new();
    for (row, cells) in rows.iter().enumerate() {
        let mut here = BTreeMap::new();
        for stretch in row_stretches(row, cells) {
            let key = (stretch.columns.0, stretch.columns.1, stretch.style.clone());
            let index = above.get(&key).copied().unwrap_or_else(|| {
                done.push(stretch);
                done.len() - 1
            });
            done[index].last_row = row;
            here.insert(key, index);
        }
        above = here;
    }
    done
}

fn row_stretches(row: usize, cells: &[Cell]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut style = "";
    for (column, cell) in cells.iter().enumerate() {
        if !cell.symbol.is_empty() {
            style = &cell.style;
        }
        match found.last_mut() {
            _ if style.is_empty() => {}
            Some(last) if last.columns.1 + 1 == column && last.style == style => {
                last.columns.1 = column;
                last.text.push_str(&cell.symbol);
            }
            _ => found.push(Stretch {
                columns: (column, column),
                style: style.to_owned(),
                first_row: row,
                last_row: row,
                text: cell.symbol.clone(),
            }),
        }
    }
    found
}

fn range(first: usize, last: usize) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
