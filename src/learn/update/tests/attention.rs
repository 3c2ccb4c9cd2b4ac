use super::*;
use crate::learn::message::Message;
use crate::learn::testing::learner::disk_full;
use crate::progress::{EDITOR_LIMIT_MS, IDLE_LIMIT_MS};

fn spent_ms(learner: &Learner, step: &str) -> u64 {
    learner.model.progress.steps.get(&format!("rooms/{step}")).map_or(0, |step| step.spent_ms)
}

#[test]
fn the_time_between_keys_belongs_to_the_step_on_the_screen() {
    let mut learner = Learner::at("read");
    learner.wait_until_ms(60_000);
    learner.press("down");
    learner.wait_until_ms(90_000);
    learner.press("n");
    learner.wait_until_ms(100_000);
    learner.press("p");
    assert_eq!((spent_ms(&learner, "read"), spent_ms(&learner, "predict")), (90_000, 10_000));
}

#[test]
fn a_night_is_not_time_spent() {
    let mut learner = Learner::at("read");
    learner.wait_until_ms(8 * 60 * 60_000);
    assert_eq!(spent_ms(&learner, "read"), 0, "time alone is not a sign of the learner");
    let effects = learner.press("n");
    assert_eq!(saved(&effects).steps["rooms/read"].spent_ms, IDLE_LIMIT_MS);
}

#[test]
fn a_stay_in_the_editor_counts_for_longer_than_a_pause() {
    let mut learner = Learner::at("join-room");
    learner.press("e");
    learner.tell(Message::Editing);
    learner.wait_until_ms(19 * 60_000);
    learner.tell(Message::Saved { exercise: "join-room".to_owned() });
    learner.wait_until_ms(20 * 60_000);
    let effects = learner.tell(Message::Edited);
    assert_eq!(saved(&effects).steps["rooms/join-room"].spent_ms, 20 * 60_000);
    learner.tell(Message::Editing);
    learner.wait_until_ms(20 * 60_000 + 2 * EDITOR_LIMIT_MS);
    learner.tell(Message::Edited);
    assert_eq!(spent_ms(&learner, "join-room"), 20 * 60_000 + EDITOR_LIMIT_MS);
}

#[test]
fn saving_in_another_window_is_a_sign_and_a_servers_record_is_not() {
    let mut learner = Learner::at("join-room");
    learner.wait_until_ms(4 * 60_000);
    learner.tell(Message::Saved { exercise: "join-room".to_owned() });
    learner.wait_until_ms(8 * 60_000);
    learner.tell(disk_full("a"));
    assert_eq!(spent_ms(&learner, "join-room"), 4 * 60_000);
    learner.tell(Message::Quit);
    assert_eq!(spent_ms(&learner, "join-room"), 8 * 60_000);
}

#[test]
fn a_message_during_a_stay_in_the_editor_is_there_when_the_learner_is_back() {
    let mut learner = Learner::at("join-room");
    let is_said = |learner: &Learner| learner.model.status.is_some();
    learner.tell(Message::Editing);
    learner.tell(disk_full("a"));
    learner.wait_until_ms(60_000);
    learner.tell(Message::Edited);
    assert!(is_said(&learner));
    learner.wait_until_ms(90_000);
    assert!(!is_said(&learner));
}
