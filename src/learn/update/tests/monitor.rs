use rooms::observer::Event;

use super::*;
use crate::learn::testing::learner::{connect, disconnect, join};

/// In the monitor, with three sockets.
fn watching() -> Learner {
    let mut learner = Learner::at("read");
    for (id, name) in [("s1", "ann"), ("s2", "bob"), ("s3", "eve")] {
        learner.hear(connect(id, name));
        learner.hear(join(id, "project:p1"));
    }
    learner.press("tab");
    learner
}

fn selected(learner: &Learner) -> Option<&str> {
    learner.model.pane.selected.as_deref()
}

fn log(learner: &Learner) -> Vec<&str> {
    let lines = learner.model.pane.shown().log(&learner.model.pane.filter).into_iter();
    lines.map(|line| line.text.as_str()).collect()
}

#[test]
fn freezing_keeps_the_picture_while_the_server_goes_on() {
    let mut learner = watching();
    learner.press("f");
    learner.hear(disconnect("s1", "transport close"));
    assert_eq!(learner.model.pane.shown().connected(), 3);
    assert_eq!(learner.model.pane.embedded.connected(), 2);
    learner.press("f");
    assert_eq!(learner.model.pane.shown().connected(), 2);
}

#[test]
fn single_events_are_hidden_until_they_are_asked_for() {
    let mut learner = watching();
    let (socket, name, payload) = ("s1".to_owned(), "note".to_owned(), "{}".to_owned());
    learner.hear(Event::Received { socket, name, payload, bytes: 2, handled: true });
    let quiet = log(&learner).len();
    learner.press("t");
    assert_eq!(log(&learner).len(), quiet + 1);
    assert_eq!(log(&learner).last(), Some(&"-> note {}"));
    learner.press("t");
    assert_eq!(log(&learner).len(), quiet);
}

#[test]
fn a_socket_is_chosen_and_followed() {
    let mut learner = watching();
    learner.press("down");
    assert_eq!(selected(&learner), Some("s1"));
    learner.press("down j down down");
    assert_eq!(selected(&learner), Some("s3"), "not past the last");
    learner.press("up k");
    assert_eq!(selected(&learner), Some("s1"));
    learner.press("enter");
    assert_eq!(log(&learner).len(), 2);
    learner.press("down");
    assert_eq!(learner.model.pane.filter.socket.as_deref(), Some("s2"), "following goes along");
    learner.press("enter");
    assert_eq!(log(&learner).len(), 6);
}

#[test]
fn following_without_a_choice_says_what_to_do() {
    let mut learner = watching();
    learner.press("enter");
    assert_eq!(learner.says(), "Choose a socket with ↑ and ↓ first.");
    assert_eq!(learner.model.pane.filter.socket, None);
}

#[test]
fn the_keys_of_the_step_do_nothing_here() {
    let mut learner = Learner::at("join-room");
    learner.press("tab");
    assert_eq!(learner.press("c e h r"), []);
    assert_eq!(learner.model.progress.exercise("join-room").hints, 0);
}
