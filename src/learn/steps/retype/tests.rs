use super::RetypeScreen;
use crate::learn::message::{Effect, Message};
use crate::learn::testing::learner::{Learner, but_saves, saved};
use crate::typing::{Cursor, Fading};

/// What is typed of the echo: without indentation, comments and empty lines.
const FIRST: &str = "use rooms::Io;\n";
const REST: &str = "pub fn app(io: &Io) {\nio.on_connection(|socket| {\nsocket.on(\"echo\", |socket, payload| {\n\
    socket.emit(\"echo\", payload);\n});\n});\n}\n";

#[track_caller]
fn screen(learner: &Learner) -> &RetypeScreen {
    learner.sees()
}

fn cursor(learner: &Learner) -> Cursor {
    screen(learner).typing.cursor()
}

#[test]
fn keys_go_into_the_text_only_after_enter() {
    let mut learner = Learner::at("retype");
    learner.press("u");
    assert_eq!(cursor(&learner), Cursor::default());
    learner.press("enter u");
    assert_eq!(cursor(&learner).cell, 1);
}

#[test]
fn keys_that_mean_something_elsewhere_are_letters_here() {
    let mut learner = Learner::at("retype");
    learner.press("enter");
    for key in ["n", "p", "q", "g", "?", "space"] {
        assert_eq!(learner.press(key), []);
    }
    assert_eq!(learner.step(), "retype");
    assert_eq!(learner.model.overlay, None);
    assert_eq!(cursor(&learner), Cursor::default());
}

#[test]
fn a_wrong_letter_stops_there_until_the_right_one_comes() {
    let mut learner = Learner::at("retype");
    learner.press("enter u x");
    let wrong = screen(&learner).typing.wrong().expect("x is wrong");
    assert_eq!((wrong.expected.as_str(), wrong.pressed.as_str()), ("s", "x"));
    assert_eq!(cursor(&learner).cell, 1);
    learner.press("s");
    assert_eq!(cursor(&learner).cell, 2);
    assert!(screen(&learner).typing.wrong().is_none());
}

#[test]
fn a_paste_inserts_nothing_and_says_so() {
    let mut learner = Learner::at("retype");
    learner.press("enter");
    learner.tell(Message::Paste(FIRST.to_owned()));
    assert_eq!(cursor(&learner), Cursor::default());
    assert!(screen(&learner).pasted);
    assert!(learner.says().starts_with("A paste inserts nothing"), "{}", learner.says());
    learner.press("u");
    assert!(!screen(&learner).pasted);
}

#[test]
fn control_and_alt_are_not_typing() {
    let mut learner = Learner::at("retype");
    learner.press("enter ctrl-u");
    assert_eq!(cursor(&learner), Cursor::default());
}

#[test]
fn escape_takes_the_keys_back_and_keeps_the_place() {
    let mut learner = Learner::at("retype");
    learner.press("enter u s");
    let effects = learner.press("esc");
    assert_eq!(saved(&effects).kinds.typing.0["rooms/retype"].cursor.cell, 2);
    let mut learner = learner.reopened();
    assert_eq!(cursor(&learner).cell, 2);
    assert!(!learner.step.input().takes_text());
    learner.press("n");
    assert_eq!(learner.step(), "practice", "n is a key again");
}

#[test]
fn quitting_in_the_middle_of_a_line_keeps_every_key() {
    let mut learner = Learner::at("retype");
    learner.press("enter");
    learner.type_text("use roo");
    let effects = learner.press("ctrl-c");
    assert_eq!(saved(&effects).kinds.typing.0["rooms/retype"].cursor.cell, 7);
}

#[test]
fn the_end_of_a_chunk_and_every_few_keys_are_saved() {
    let mut learner = Learner::at("retype");
    learner.press("enter");
    let effects = learner.type_text(FIRST);
    assert_eq!(saved(&effects).kinds.typing.0["rooms/retype"].cursor, Cursor { chunk: 1, line: 1, cell: 0 });
    let effects = learner.type_text("pub fn app(io: &Io) {\nio.on");
    assert_eq!(effects.len(), 1, "one save in forty keys");
}

#[test]
fn the_whole_text_goes_to_the_exercise_and_finishes_the_step() {
    let mut learner = Learner::at("retype");
    learner.press("enter");
    let effects = learner.type_text(&format!("{FIRST}{REST}"));
    let source = include_str!("../../testing/course/lessons/01-rooms/echo.rs");
    let written = Effect::WriteExercise { exercise: "echo".to_owned(), text: source.to_owned() };
    assert!(saved(&effects).steps["rooms/retype"].done_at.is_some());
    assert!(matches!(effects.last(), Some(Effect::SaveProgress(_))), "the file is written before the step is done");
    assert_eq!(but_saves(effects), [written]);
    assert!(learner.has_done("retype"));
    assert!(!learner.step.input().takes_text(), "the keys are keys again");
    assert_eq!(learner.says(), "Typed.");
    learner.tell(Message::Written { exercise: "echo".to_owned() });
    assert!(learner.says().contains("exercises/src/echo.rs"), "{}", learner.says());
}

#[test]
fn typing_for_practice_writes_no_file() {
    let mut learner = Learner::at("practice");
    learner.press("enter");
    let effects = learner.type_text("let a = 1;\na\n");
    assert_eq!(but_saves(effects), []);
    assert!(learner.has_done("practice"));
}

#[test]
fn each_further_pass_shows_less_and_touches_neither_file_nor_place() {
    let mut learner = Learner::at("retype");
    learner.press("enter");
    learner.type_text(&format!("{FIRST}{REST}"));
    for fading in [Fading::Words, Fading::All, Fading::All] {
        learner.press("f");
        assert_eq!(screen(&learner).fading, fading);
        assert_eq!(cursor(&learner), Cursor::default());
        let effects = learner.type_text(&format!("{FIRST}{REST}"));
        assert_eq!(but_saves(effects), [], "the file may have changed since");
    }
    learner.press("f");
    learner.type_text("use");
    assert!(screen(&learner.reopened()).typing.is_done(), "the first pass stays done");
}

#[test]
fn the_other_language_is_a_look_and_not_a_place() {
    let mut learner = Learner::at("retype");
    learner.press("f2");
    assert!(screen(&learner).beside);
    learner.press("f2 enter f2");
    assert!(screen(&learner).beside, "also while typing");
    learner.press("u");
    assert!(!screen(&learner).beside, "a learner who types looks at the typed text");
    assert_eq!(cursor(&learner).cell, 1);
    let mut practice = Learner::at("practice");
    practice.press("f2");
    assert!(!screen(&practice).beside, "there is none");
}
