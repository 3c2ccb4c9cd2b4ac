use std::io;

use rooms::observer::{Event, Record};
use scenario::run::RunError;

use super::*;
use crate::learn::message::{Message, Played};
use crate::learn::model::Shown;
use crate::learn::testing::learner::{connect, disconnect, join};
use crate::learn::trouble::ShowError;

/// The show is being played, with somebody on the server who was there before.
fn playing() -> Learner {
    let mut learner = Learner::at("predict");
    learner.hear(connect("s1", "scraper"));
    learner.hear(join("s1", "project:p3"));
    learner.press("2");
    assert!(matches!(learner.press("enter").last(), Some(Effect::Show { .. })));
    learner.hear(connect("s2", "zoe"));
    learner.hear(received("s2"));
    learner
}

fn received(socket: &str) -> Event {
    let (socket, name, payload) = (socket.to_owned(), "note".to_owned(), "{}".to_owned());
    Event::Received { socket, name, payload, bytes: 2, handled: true }
}

fn shown(result: Result<Played, ShowError>) -> Message {
    Message::Shown { number: 1, result }
}

fn no_server() -> ShowError {
    RunError::Runtime(io::ErrorKind::Other.into()).into()
}

fn played() -> Message {
    shown(Ok(Played { transcript: "1 connect zoe".to_owned(), tally: Vec::new() }))
}

fn listed(learner: &Learner) -> Vec<&str> {
    learner.model.pane.sockets().into_iter().map(|socket| socket.id.as_str()).collect()
}

fn log(learner: &Learner) -> Vec<&str> {
    let lines = learner.model.pane.shown().log(&learner.model.pane.filter).into_iter();
    lines.map(|line| line.text.as_str()).collect()
}

#[test]
fn the_monitor_is_about_a_show_alone_and_then_again_as_the_learner_had_it() {
    let mut learner = playing();
    assert_eq!(listed(&learner), ["s2"]);
    assert_eq!(log(&learner), ["connected from 127.0.0.1:50000", "-> note {}"]);
    learner.wait_until_ms(60_000);
    assert_eq!(listed(&learner), ["s2"], "it is still being played");
    learner.tell(played());
    learner.wait_until_ms(74_999);
    assert_eq!(listed(&learner), ["s2"]);
    let effects = learner.tell(Message::Time { now_ms: 75_000, unix_seconds: 0 });
    assert_eq!(effects, [Effect::EndShow]);
    assert_eq!(listed(&learner), ["s1", "s2"]);
    assert_eq!(log(&learner).len(), 3, "without single events: {:?}", log(&learner));
}

#[test]
fn a_client_that_is_gone_stays_in_sight_until_it_is_over() {
    let mut learner = playing();
    learner.hear(disconnect("s2", "slow client"));
    learner.tell(played());
    for now_ms in [1_000, 14_999] {
        learner.wait_until_ms(now_ms);
        assert_eq!(listed(&learner), ["s2"], "{now_ms}");
    }
    for now_ms in [15_000, 16_000] {
        learner.wait_until_ms(now_ms);
    }
    assert_eq!(listed(&learner), ["s1"]);
}

#[test]
fn going_on_ends_it() {
    for keys in ["n", "p", "ctrl-c"] {
        let mut learner = playing();
        assert_eq!(learner.press(keys).first(), Some(&Effect::EndShow), "{keys}");
        assert!(learner.model.pane.show.is_none());
        assert!(!learner.tell(played()).contains(&Effect::EndShow));
    }
}

#[test]
fn events_can_be_hidden_during_a_show_and_the_earlier_choice_stands() {
    let mut learner = Learner::at("predict");
    learner.press("tab t tab 2 enter tab t");
    learner.hear(received("s2"));
    assert_eq!(log(&learner), Vec::<&str>::new());
    learner.tell(played());
    learner.wait_until_ms(15_000);
    assert_eq!(log(&learner), ["-> note {}"]);
}

#[test]
fn a_frozen_picture_goes_on_for_a_show_and_keeps_one_that_is_over() {
    let mut learner = Learner::at("predict");
    learner.press("tab f tab 2 enter");
    learner.hear(connect("s2", "zoe"));
    assert_eq!(listed(&learner), ["s2"]);
    learner.press("tab f");
    learner.tell(played());
    learner.wait_until_ms(60_000);
    learner.hear(disconnect("s2", "transport close"));
    assert_eq!(log(&learner).len(), 1);
    learner.press("f");
    learner.wait_until_ms(60_001);
    assert!(learner.model.pane.show.is_none());
}

#[test]
fn a_show_that_fails_gives_the_monitor_back_at_once() {
    let mut learner = playing();
    assert_eq!(learner.tell(shown(Err(no_server()))), [Effect::EndShow]);
    assert!(matches!(learner.model.work.shown, Some(Shown::Played(Err(ShowError::Run(_))))));
}

#[test]
fn only_the_clients_of_a_show_can_be_chosen_during_it() {
    let mut learner = playing();
    learner.press("tab down");
    assert_eq!(learner.model.pane.selected.as_deref(), Some("s2"));
}

/// The show's program is not the embedded server's, so one is built for it.
#[test]
fn a_show_with_a_server_of_its_own_has_the_monitor() {
    let mut learner = playing();
    learner.press("tab f");
    let served = |number, address: &str| Message::ShowServed { number, address: address.to_owned() };
    learner.tell(served(1, "127.0.0.1:4000"));
    let record = |number| Message::ShowRecord { number, record: Record { at_ms: 0, event: connect("s9", "max") } };
    learner.tell(record(1));
    assert_eq!(listed(&learner), ["s9"], "and what was frozen before it is not");
    learner.press("tab s");
    learner.tell(served(1, "127.0.0.1:4000"));
    learner.tell(record(1));
    assert_eq!(listed(&learner), Vec::<&str>::new(), "news of the one before");
    learner.tell(served(2, "127.0.0.1:4001"));
    learner.tell(record(2));
    assert_eq!(listed(&learner), ["s9"]);
    learner.tell(Message::Shown { number: 2, result: Ok(Played { transcript: String::new(), tally: Vec::new() }) });
    for now_ms in [15_000, 16_000] {
        learner.wait_until_ms(now_ms);
    }
    assert_eq!(listed(&learner), ["s1", "s2"], "the embedded server again");
}
