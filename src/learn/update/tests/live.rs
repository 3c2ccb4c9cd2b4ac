use judge::report::Verdict;
use rooms::observer::Record;

use super::*;
use crate::learn::jobs::Job;
use crate::learn::message::Message;
use crate::learn::testing::learner::{checked, connect, report};
use crate::learn::trouble::ServerError;

fn start_of(exercise: &str) -> Effect {
    Effect::StartLive { exercise: exercise.to_owned() }
}

fn started(exercise: &str) -> Message {
    Message::LiveStarted { exercise: exercise.to_owned(), address: "127.0.0.1:9999".to_owned() }
}

/// At an exercise whose server runs.
fn serving() -> Learner {
    let mut learner = Learner::at("join-room");
    assert_eq!(learner.press("l"), [start_of("join-room")]);
    learner.tell(started("join-room"));
    learner
}

#[test]
fn the_learners_server_takes_over_the_monitor() {
    let mut learner = Learner::at("join-room");
    learner.press("tab f tab");
    assert!(learner.model.pane.frozen.is_some());
    learner.press("l");
    assert_eq!(running(&learner), Some(Job::Serve));
    learner.tell(started("join-room"));
    assert_eq!(running(&learner), None);
    assert!(learner.model.pane.frozen.is_none());
    learner.tell(Message::Live(Record { at_ms: 1, event: connect("s1", "ann") }));
    assert_eq!(learner.model.pane.shown().connected(), 1);
    assert_eq!(learner.model.pane.embedded.connected(), 0);
    assert!(learner.says().contains("127.0.0.1:9999"), "{}", learner.says());
}

#[test]
fn its_output_is_kept_clean_and_bounded() {
    let mut learner = serving();
    for number in 0..60 {
        learner.tell(Message::LivePrinted(format!("\x1b[31mline {number}\u{202e}")));
    }
    let printed = &learner.model.pane.live.as_ref().unwrap().printed;
    assert_eq!(printed.len(), 50);
    let last = printed.last().unwrap();
    assert!(last.contains("line 59") && !last.contains(['\x1b', '\u{202e}']), "{last:?}");
}

#[test]
fn the_same_key_stops_it() {
    for from in ["", "tab"] {
        let mut learner = serving();
        learner.press(from);
        assert_eq!(learner.press("l"), [Effect::StopLive]);
        learner.tell(Message::LiveEnded(None));
        assert!(learner.model.pane.live.is_none());
        assert!(learner.says().starts_with("Your server is stopped"), "{}", learner.says());
    }
}

#[test]
fn leaving_the_step_or_the_workshop_stops_it() {
    for keys in ["n", "p", "g up enter", "ctrl-c"] {
        assert_eq!(serving().press(keys).first(), Some(&Effect::StopLive), "{keys}");
    }
}

#[test]
fn leaving_the_step_stops_it_while_it_is_still_being_built() {
    let mut learner = Learner::at("join-room");
    learner.press("l");
    assert_eq!(learner.press("n").first(), Some(&Effect::StopLive));
    learner.tell(Message::LiveEnded(None));
    assert_eq!(running(&learner), None);
}

#[test]
fn a_server_that_starts_after_the_learner_has_gone_on_is_stopped() {
    let mut learner = Learner::at("join-room");
    learner.press("l n");
    assert_eq!(learner.tell(started("join-room")), [Effect::StopLive]);
    assert!(learner.model.pane.live.is_none());
}

#[test]
fn a_save_is_served_as_well_as_checked() {
    let mut learner = serving();
    let effects = learner.tell(Message::Saved { exercise: "join-room".to_owned() });
    assert_eq!(effects, [Effect::Check { exercise: "join-room".to_owned() }, start_of("join-room")]);
}

#[test]
fn a_server_that_starts_again_after_a_save_leaves_the_check_going_on() {
    let mut learner = serving();
    learner.tell(Message::Saved { exercise: "join-room".to_owned() });
    learner.tell(started("join-room"));
    assert_eq!(running(&learner), Some(Job::Check));
    learner.tell(checked(report("join-room", Verdict::Passed)));
    assert_eq!(running(&learner), None);
}

#[test]
fn a_server_that_is_being_built_is_stopped_whatever_else_has_begun_or_ended_since() {
    let mut learner = Learner::at("join-room");
    learner.press("l c");
    learner.tell(checked(report("join-room", Verdict::Failed)));
    assert_eq!(running(&learner), Some(Job::Serve));
    assert_eq!(learner.press("n").first(), Some(&Effect::StopLive));
}

#[test]
fn a_server_that_ends_by_itself_says_why_in_one_clean_line() {
    let mut learner = serving();
    learner.tell(Message::LiveEnded(Some(ServerError::Ended(Some("it \x1b[1mpanicked\nand more".to_owned())))));
    assert!(learner.model.pane.live.is_none());
    assert!(learner.says().starts_with("Your server does not run: it "), "{}", learner.says());
    assert!(!learner.says().contains(['\x1b', '\n']), "{:?}", learner.says());
}

#[test]
fn records_of_a_server_that_is_gone_change_nothing() {
    let mut learner = Learner::at("join-room");
    learner.tell(Message::Live(Record { at_ms: 1, event: connect("s1", "ann") }));
    learner.tell(Message::LivePrinted("late".to_owned()));
    assert!(learner.model.pane.live.is_none());
    assert_eq!(learner.model.pane.shown().connected(), 0);
}

#[test]
fn only_as_much_of_a_printed_line_is_kept_as_a_terminal_shows() {
    let mut learner = serving();
    learner.tell(Message::LivePrinted("日".repeat(20_000)));
    let printed = &learner.model.pane.live.as_ref().unwrap().printed;
    assert!(crate::text::width(&printed[0]) <= 500 && printed[0].ends_with('…'));
}
