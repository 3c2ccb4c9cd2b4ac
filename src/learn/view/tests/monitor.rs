//! The monitor and the overlays.

use super::scenes::{after, busy, live, playing, shown};
use super::*;

fn watching(keys: &str) -> Learner {
    let mut learner = busy("read");
    learner.press("tab");
    learner.press(keys);
    learner
}

#[test]
fn noisy_and_gone() {
    assert_looks("monitor", watching(""));
    assert_looks_at("monitor_beside_the_step", busy("read"), LARGE, Depth::Indexed);
    assert_looks_at("monitor_without_colour", watching(""), SMALL, Depth::None);
}

#[test]
fn chosen_and_followed() {
    assert_looks("monitor_followed", watching("down down enter"));
}

#[test]
fn frozen() {
    assert_looks_at("monitor_frozen", watching("f"), SMALL, Depth::Indexed);
}

#[test]
fn own_server() {
    let mut learner = live();
    learner.press("tab t");
    assert_looks("monitor_live", learner);
}

#[test]
fn a_show() {
    assert_looks("show_playing", playing());
    assert_looks("show_played", shown());
    let mut watched = shown();
    watched.press("tab");
    assert_looks_at("show_watched", watched, SMALL, Depth::Indexed);
}

#[test]
fn keys_to_more_sockets_are_named_if_they_do_something() {
    let mut learner = busy("read");
    let line = |learner: &mut Learner, size| {
        let rows = rows(&screen(learner, size, Depth::None));
        rows.into_iter().find(|row| row.contains(" more:")).unwrap_or_default()
    };
    assert!(line(&mut learner, (120, 16)).contains("more: Tab, then ↑ ↓"));
    learner.press("tab");
    assert!(line(&mut learner, (120, 16)).contains("more: ↑ ↓"));
}

#[test]
fn help() {
    assert_looks("help", after("join-room", "?"));
    assert_looks_at(
        "help_in_the_monitor",
        {
            let mut it = watching("");
            it.press("?");
            it
        },
        SMALL,
        Depth::Indexed,
    );
}

#[test]
fn outline() {
    assert_looks("outline", after("hello", "n n g down"));
}

#[test]
fn a_terminal_that_is_too_small_says_so() {
    assert_looks_at("too_small", Learner::at("read"), (30, 8), Depth::Indexed);
}
