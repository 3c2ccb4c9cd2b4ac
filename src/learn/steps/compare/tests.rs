use judge::report::Verdict;

use super::CompareScreen;
use crate::coursework::solution::Texts;
use crate::learn::message::{Effect, Message};
use crate::learn::model::Scroll;
use crate::learn::testing::learner::{Learner, but_saves, checked, report, saved};
use crate::progress::Note;

#[track_caller]
fn screen(learner: &Learner) -> &CompareScreen {
    learner.sees()
}

fn compare_of(exercise: &str) -> Effect {
    Effect::Compare { exercise: exercise.to_owned() }
}

fn texts_of(exercise: &str) -> Message {
    let result = Ok(Texts { learner: "mine".to_owned(), solution: "theirs".to_owned() });
    Message::Comparison { exercise: exercise.to_owned(), result }
}

/// At the comparison, the first exercise of which has passed.
fn passed() -> Learner {
    let mut learner = Learner::at("join-room");
    learner.tell(checked(report("join-room", Verdict::Passed)));
    learner
}

#[test]
fn a_solution_is_read_only_once_its_exercise_has_passed() {
    let mut learner = passed();
    assert!(learner.press("n").contains(&compare_of("join-room")));
    assert!(screen(&learner).rows.is_none());
    learner.tell(texts_of("join-room"));
    assert!(screen(&learner).rows.is_some());
    assert_eq!(learner.press("x"), [], "the next one has not passed");
    assert!(screen(&learner).rows.is_none());
    assert_eq!(learner.press("x"), [compare_of("join-room")], "and round again");
}

#[test]
fn another_exercise_begins_below_the_task() {
    let mut learner = passed();
    learner.press("n");
    assert_eq!(learner.model.scroll, Scroll::TOP, "the task comes first");
    learner.press("x");
    assert_eq!(learner.model.scroll, Scroll::Row(4));
    let mut learner = Learner::at("compare");
    learner.press("o");
    assert_eq!(learner.model.scroll, Scroll::Row(4), "what was asked for is in sight");
}

#[test]
fn opening_it_all_the_same_is_noted() {
    let mut learner = Learner::at("compare");
    let effects = learner.press("o");
    assert_eq!(saved(&effects).exercise("join-room").solution_opened_at, Some(1_700_000_000));
    assert_eq!(effects.last(), Some(&compare_of("join-room")));
    let mut learner = passed();
    learner.press("n o");
    assert_eq!(learner.model.progress.exercise("join-room").solution_opened_at, None, "it had passed");
}

#[test]
fn a_text_that_comes_late_is_not_shown_for_another_exercise() {
    let mut learner = passed();
    learner.press("n x");
    learner.tell(texts_of("join-room"));
    assert!(screen(&learner).rows.is_none());
}

#[test]
fn the_note_is_saved_when_it_is_left_and_finishes_the_step() {
    let mut learner = Learner::at("compare");
    learner.press("enter");
    learner.type_text("Names, quickly");
    let effects = learner.press("esc");
    let question = "Which one change would you keep, and why?".to_owned();
    let note = Note { question, text: "Names, quickly".to_owned() };
    assert_eq!(but_saves(effects), [Effect::SaveNote { id: "refactor".to_owned(), note }]);
    assert!(learner.has_done("compare"));
    assert_eq!(but_saves(learner.press("enter esc")), [], "nothing has changed since");
}

#[test]
fn an_empty_note_finishes_nothing() {
    let mut learner = Learner::at("compare");
    learner.press("enter space enter esc");
    assert!(!learner.has_done("compare"));
}

#[test]
fn the_editor_gets_what_was_written() {
    let mut learner = Learner::at("compare");
    learner.press("enter a esc");
    assert_eq!(learner.press("e"), [Effect::EditNote { id: "refactor".to_owned() }]);
    let note = Note { question: String::new(), text: "a and more".to_owned() };
    learner.tell(Message::NoteLoaded { id: "refactor".to_owned(), result: Ok(Some(note)) });
    assert_eq!(screen(&learner).editor.text(), "a and more");
}
