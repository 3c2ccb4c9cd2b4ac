//! The effects of the terminal on the screen.

use std::net::TcpListener;

use crate::common::{PATIENCE, Screen};
use crate::learner::Learner;
use crate::workshop::Workshop;

fn colours(screen: &Screen) -> usize {
    screen.with(|screen| {
        let (rows, cols) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..cols.get()).map(move |col| (row, col)));
        let is_coloured =
            |cell: &vt100::Cell| cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default;
        cells.filter(|(row, col)| screen.cell(*row, *col).is_some_and(is_coloured)).count()
    })
}

#[test]
fn the_screen_follows_the_terminals_size() {
    let workshop = Workshop::fresh();
    let mut learner = Learner::open(&workshop, 24, 80);
    learner.screen.wait_for("The screen and the keys");
    assert!(!learner.screen.text().contains("Monitor 127"), "there is no room for two panes");
    learner.screen.resize(40, 120);
    learner.address();
    learner.screen.wait_for("scraper");
    learner.screen.resize(8, 30);
    learner.screen.wait_for("rtws needs 40 columns");
    learner.screen.resize(24, 80);
    learner.screen.wait_until("one pane", PATIENCE, |screen| {
        screen.contents().contains("The screen and the keys") && !screen.contents().contains("Monitor 127")
    });
    learner.screen.press("n");
    learner.wait_for_step("Type five lines", 2, 4);
    learner.quit();
}

#[test]
fn without_colour_nothing_is_coloured_and_the_focus_still_shows() {
    let workshop = Workshop::fresh();
    let shown = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = workshop.rtws(arguments);
        for (name, value) in variables {
            command.env(name, value);
        }
        let mut screen = Screen::start(command, 40, 120);
        screen.wait_for("scraper");
        screen.wait_for("joined project:");
        let found = (colours(&screen), screen.cell(1, 0).bold());
        screen.press("q");
        assert_eq!(screen.wait_exit().exit_code(), 0);
        found
    };
    assert_eq!(shown(&["learn"], &[("NO_COLOR", "1")]), (0, true));
    assert_eq!(shown(&["learn", "--plain"], &[]), (0, true));
    let (coloured, _) = shown(&["learn"], &[]);
    assert!(coloured > 100, "only {coloured} cells have a colour");
}

#[test]
fn a_taken_port_means_another_one_which_is_shown() {
    let workshop = Workshop::fresh();
    // Whichever program holds it, it is taken now.
    let _taken = TcpListener::bind("127.0.0.1:7420");
    let learner = Learner::open(&workshop, 40, 120);
    let address = learner.address();
    assert_ne!(address, "127.0.0.1:7420");
    let visitor = crate::visitor::Visitor::connect(&address, "visitor");
    learner.screen.wait_for(&visitor.id());
    learner.quit();
}
