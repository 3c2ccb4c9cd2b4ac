//! Properties of every state, at every size.

use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

use super::*;

const SIZES: [(u16, u16); 6] = [SMALL, LARGE, (40, 12), (99, 30), (100, 30), (200, 50)];

/// Every state at every size.
fn each(look: impl Fn(&str, &mut Learner, (u16, u16))) {
    for (name, mut learner) in scenes::all() {
        for size in SIZES {
            look(&format!("{name} at {} x {}", size.0, size.1), &mut learner, size);
        }
    }
}

#[test]
fn without_colour_the_text_is_the_same_and_nothing_is_coloured() {
    each(|name, learner, size| {
        let colourful = screen(learner, size, Depth::True);
        let plain = screen(learner, size, Depth::None);
        assert_eq!(rows(&colourful), rows(&plain), "{name}");
        let coloured = plain.content().iter().filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset).count();
        assert_eq!(coloured, 0, "{name}");
    });
}

#[test]
fn no_cell_holds_a_character_that_a_terminal_would_act_upon() {
    each(|name, learner, size| {
        for (row, text) in rows(&screen(learner, size, Depth::Indexed)).into_iter().enumerate() {
            let acts = |character: char| {
                character.is_control()
                    || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            };
            assert!(!text.contains(acts), "{name}, row {row}: {text:?}");
        }
    });
}

/// A wide character or a line that is too long would push it away.
#[test]
fn the_right_border_is_straight() {
    each(|name, learner, size| {
        let buffer = screen(learner, size, Depth::Indexed);
        for y in 1..size.1 - 2 {
            let symbol = buffer[(size.0 - 1, y)].symbol();
            assert!("┃│┓┐┛┘".contains(symbol), "{name}, row {y}: {symbol:?}\n{}", styled_dump(&buffer));
        }
    });
}

#[test]
fn a_symbol_fits_its_cells() {
    each(|name, learner, size| {
        let buffer = screen(learner, size, Depth::Indexed);
        for (index, cell) in buffer.content().iter().enumerate() {
            assert!((1..=2).contains(&cell.symbol().width()), "{name}, cell {index}: {:?}", cell.symbol());
        }
    });
}

#[test]
fn no_size_is_too_odd_to_draw() {
    for (_, mut learner) in scenes::all() {
        for columns in (1..130).step_by(13) {
            for rows in (1..40).step_by(7) {
                screen(&mut learner, (columns, rows), Depth::Indexed);
            }
        }
    }
}
