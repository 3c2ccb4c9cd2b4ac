use std::io::ErrorKind;

use crate::learn::message::{Effect, Message};
use crate::learn::model::Focus;
use crate::learn::testing::learner::{Learner, but_saves, key};
use crate::progress::{Access, FileError, Note};

fn loaded(id: &str, text: &str) -> Message {
    let note = Note { question: String::new(), text: text.to_owned() };
    Message::NoteLoaded { id: id.to_owned(), result: Ok(Some(note)) }
}

fn note_of(id: &str, question: &str, text: &str) -> Effect {
    let note = Note { question: question.to_owned(), text: text.to_owned() };
    Effect::SaveNote { id: id.to_owned(), note }
}

fn text(learner: &Learner) -> String {
    learner.step.input().field().expect("there is a field").text()
}

#[test]
fn the_notes_are_read_on_the_way_in() {
    let mut learner = Learner::at("recall");
    let effects = but_saves(learner.press("n"));
    let load = |id: &str| Effect::LoadNote { id: id.to_owned() };
    assert_eq!(effects, [load("risk"), load("mitigation")]);
    learner.tell(loaded("risk", "a note from before"));
    assert_eq!(text(&learner), "a note from before");
    assert!(!learner.has_done("reflect"));
    learner.tell(loaded("mitigation", "another"));
    assert!(learner.has_done("reflect"), "they may have been written in an editor");
}

#[test]
fn a_note_for_another_step_is_not_taken() {
    let mut learner = Learner::at("reflect");
    learner.tell(loaded("refactor", "of another step"));
    learner.tell(Message::NoteLoaded { id: "risk".to_owned(), result: Ok(None) });
    assert_eq!(text(&learner), "");
}

#[test]
fn nothing_is_typed_over_a_note_that_the_disk_has_not_given_yet() {
    let mut learner = Learner::at("recall");
    learner.tell(Message::Key(key("n")));
    learner.press("enter a");
    assert_eq!(learner.says(), "Your note is still being read.");
    learner.tell(loaded("risk", "from before"));
    learner.press("enter");
    learner.type_text(", and more");
    assert_eq!(but_saves(learner.press("esc")), [note_of("risk", "Name one risk.", "from before, and more")]);
}

#[test]
fn a_second_answer_of_the_disk_takes_nothing_that_was_typed_after_the_first() {
    let mut learner = Learner::at("reflect");
    learner.press("enter");
    learner.type_text("new words");
    learner.tell(loaded("risk", "from before"));
    assert_eq!(text(&learner), "new words");
}

#[test]
fn a_note_that_cannot_be_read_is_said_and_can_be_written() {
    let mut learner = Learner::at("recall");
    learner.tell(Message::Key(key("n")));
    let error = FileError { access: Access::Read, path: "notes/risk.md".into(), source: ErrorKind::InvalidData.into() };
    learner.tell(Message::NoteLoaded { id: "risk".to_owned(), result: Err(error) });
    assert!(learner.says().starts_with("cannot read notes/risk.md"), "{}", learner.says());
    learner.press("enter a");
    assert_eq!(but_saves(learner.press("esc")), [note_of("risk", "Name one risk.", "a")]);
}

#[test]
fn every_prompt_needs_words() {
    let mut learner = Learner::at("reflect");
    learner.press("enter");
    learner.type_text("memory\nnobody notices");
    let effects = learner.press("esc");
    assert_eq!(but_saves(effects), [note_of("risk", "Name one risk.", "memory\nnobody notices")]);
    assert!(!learner.has_done("reflect"));
    learner.press("x enter");
    learner.type_text("a bound");
    let effects = learner.press("esc");
    assert_eq!(but_saves(effects), [note_of("mitigation", "How would you reduce it?", "a bound")]);
    assert!(learner.has_done("reflect"));
    assert_eq!(learner.says(), "Kept.");
}

#[test]
fn looking_at_the_monitor_keeps_what_was_written() {
    let mut learner = Learner::at("reflect");
    learner.press("enter a");
    assert_eq!(but_saves(learner.press("tab")), [note_of("risk", "Name one risk.", "a")]);
    assert_eq!(learner.model.focus, Focus::Monitor);
}

#[test]
fn quitting_in_the_middle_of_a_note_keeps_it() {
    let mut learner = Learner::at("reflect");
    learner.press("enter a");
    assert_eq!(but_saves(learner.press("ctrl-c")), [note_of("risk", "Name one risk.", "a"), Effect::Quit]);
}

#[test]
fn a_paste_is_welcome_here_but_not_its_control_characters() {
    let mut learner = Learner::at("reflect");
    learner.tell(Message::Paste("before".to_owned()));
    assert_eq!(text(&learner), "", "nobody is writing");
    learner.press("enter");
    learner.tell(Message::Paste("one\ntwo \x1b[31mred\u{202e}".to_owned()));
    let text = text(&learner);
    assert!(text.starts_with("one\ntwo "), "{text:?}");
    assert!(!text.contains(['\x1b', '\u{202e}']), "{text:?}");
}

#[test]
fn a_paste_that_is_too_long_for_the_field_is_cut_and_said() {
    let mut learner = Learner::at("reflect");
    learner.press("enter");
    learner.tell(Message::Paste("é".repeat(judge::LONGEST)));
    let length = learner.step.input().field().unwrap().text().len();
    assert!((judge::LONGEST / 2 - 2..=judge::LONGEST / 2).contains(&length), "{length}");
    assert!(learner.says().contains("more than the field can hold"));
}
