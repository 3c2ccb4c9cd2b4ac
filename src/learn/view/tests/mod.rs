//! Snapshots of each state, as text with its styles, in a small terminal and in a large one.

mod always;
mod hostile;
mod long;
mod monitor;
mod scenes;
mod steps;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::draw;
use crate::colour::Depth;
use crate::learn::message::Message;
use crate::learn::testing::learner::Learner;
use crate::learn::testing::styled_dump;
use crate::learn::theme::Theme;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);
/// Wide enough for two texts side by side.
const WIDE: (u16, u16) = (140, 40);

/// The whole screen in a terminal of this size.
fn screen(learner: &mut Learner, (columns, rows): (u16, u16), depth: Depth) -> Buffer {
    learner.tell(Message::Resize { columns, rows });
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    let mut measured = None;
    terminal.draw(|frame| measured = draw(frame, learner, &Theme::new(depth))).unwrap();
    if let Some(measured) = measured {
        learner.model.measure(measured);
    }
    terminal.backend().buffer().clone()
}

/// The rows of a screen, without styles.
fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let row = |y| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect();
    (0..area.height).map(row).collect()
}

/// Compares both sizes of a state with the snapshot of this name.
#[track_caller]
fn assert_looks(name: &str, mut learner: Learner) {
    let [small, large] = [SMALL, LARGE].map(|size| styled_dump(&screen(&mut learner, size, Depth::Indexed)));
    insta::assert_snapshot!(name, format!("{small}\n{}\n\n{large}", "=".repeat(120)));
}

/// Compares one size of a state with the snapshot of this name.
#[track_caller]
fn assert_looks_at(name: &str, mut learner: Learner, size: (u16, u16), depth: Depth) {
    insta::assert_snapshot!(name, styled_dump(&screen(&mut learner, size, depth)));
}
