//! Each kind of step.

use judge::report::Verdict;

use super::scenes::{
    after, again, and, asserted, broken, checking, compared, compared_with, failed, fixed, noted, planted, revealed,
    typed, typing, warned,
};
use super::*;
use crate::coursework::solution::Texts;
use crate::learn::testing::learner::{checked, report};
use crate::progress::Replaced;
use judge::BuildError;

#[test]
fn read() {
    assert_looks("read", Learner::at("read"));
    assert_looks_at("read_to_the_end", after("read", "end"), SMALL, Depth::Indexed);
    assert_looks_at("read_without_colour", Learner::at("read"), SMALL, Depth::None);
}

#[test]
fn predict() {
    assert_looks("predict", after("predict", "down"));
    assert_looks("predict_right", after("predict", "2 enter"));
    assert_looks("predict_wrong", after("predict", "3 enter"));
    assert_looks_at("predict_returned", after("predict", "3 enter n p"), SMALL, Depth::Indexed);
}

#[test]
fn of_several_failures_the_first_is_open_and_a_key_opens_the_next() {
    let mut check = report("join-room", Verdict::Failed);
    let mut second = check.scenarios[0].clone();
    (check.scenarios[0].explanation, second.explanation) = ("why one".to_owned(), "why two".to_owned());
    check.scenarios.push(second);
    let mut learner = and(Learner::at("join-room"), checked(check));
    let mut shown = |keys: &str| {
        learner.press(keys);
        let text = rows(&screen(&mut learner, LARGE, Depth::None)).join("\n");
        ["why one", "why two", "open the next failure"].map(|words| text.contains(words))
    };
    assert_eq!(shown(""), [true, false, true]);
    assert_eq!(shown("o"), [false, true, true]);
    let mut single = and(Learner::at("join-room"), checked(report("join-room", Verdict::Failed)));
    assert!(!rows(&screen(&mut single, LARGE, Depth::None)).join("\n").contains("next failure"));
}

#[test]
fn a_heading_has_the_minutes_if_the_title_leaves_room() {
    let heading = |columns| rows(&screen(&mut Learner::at("predict"), (columns, 24), Depth::None)).swap_remove(1);
    assert_eq!(heading(46), "┏ Predict: who hears it? ━━━━ about 1 minute ┓");
    assert_eq!(heading(45), "┏ Predict: who hears it? ━━━━━━━━━━━━━━━━━━━┓");
}

#[test]
fn retype() {
    assert_looks("retype", Learner::at("retype"));
    assert_looks("retype_typing", typing());
    let mut wrong = typing();
    wrong.press("x");
    assert_looks_at("retype_wrong_key", wrong, SMALL, Depth::Indexed);
    let mut wrong = typing();
    wrong.press("x");
    assert_looks_at("retype_wrong_key_without_colour", wrong, SMALL, Depth::None);
    assert_looks_at("retype_paste", and(typing(), Message::Paste("x".to_owned())), SMALL, Depth::Indexed);
    assert_looks_at("retype_beside", after("retype", "enter f2"), SMALL, Depth::Indexed);
    assert_looks("retype_done", typed());
}

#[test]
fn retype_fading() {
    let mut learner = typed();
    learner.press("f");
    learner.type_text("use ro");
    assert_looks_at("retype_fading_words", learner, SMALL, Depth::Indexed);
    let mut learner = after("practice", "enter");
    learner.type_text("let a = 1;\na\n");
    learner.press("f");
    learner.type_text("let a = 1;\na\n");
    learner.press("f");
    learner.type_text("let x");
    assert_looks_at("retype_fading_all", learner, SMALL, Depth::Indexed);
}

#[test]
fn debug() {
    assert_looks("debug", after("debug", "down"));
    assert_looks("debug_observing", planted());
    let mut asserting = planted();
    asserting.press("a");
    assert_looks("debug_asserting", asserting);
    let mut hint = planted();
    hint.press("a h");
    assert_looks_at("debug_hint", hint, SMALL, Depth::Indexed);
    assert_looks_at("debug_useless", asserted(true, true), SMALL, Depth::Indexed);
    assert_looks_at("debug_too_much", asserted(false, false), SMALL, Depth::Indexed);
    assert_looks("debug_proved", asserted(false, true));
    assert_looks_at("debug_not_fixed", fixed(true, Verdict::Failed), SMALL, Depth::Indexed);
    assert_looks("debug_fixed", fixed(true, Verdict::Passed));
    let mut again = fixed(true, Verdict::Passed);
    again.press("b");
    assert_looks_at("debug_another", again, SMALL, Depth::Indexed);
}

#[test]
fn exercise() {
    assert_looks("exercise", Learner::at("join-room"));
    assert_looks("exercise_failed", failed());
    assert_looks_at("exercise_failed_without_colour", failed(), SMALL, Depth::None);
    assert_looks("exercise_warned", warned());
    assert_looks("exercise_broken", broken());
    assert_looks_at("exercise_checking", checking(), SMALL, Depth::Indexed);
    let passed = and(Learner::at("join-room"), checked(report("join-room", Verdict::Passed)));
    assert_looks("exercise_passed", passed);
    let mut hints = failed();
    hints.press("h h");
    assert_looks_at("exercise_hints", hints, SMALL, Depth::Indexed);
    assert_looks_at("exercise_reset_asked", after("join-room", "c r"), SMALL, Depth::Indexed);
    let result = Ok(Replaced::Kept("1.rs".into()));
    let reset = Message::Reset { exercise: "join-room".to_owned(), result };
    assert_looks_at("exercise_reset", and(checking(), reset), SMALL, Depth::Indexed);
    let result = Err(BuildError::CargoMissing("cargo".into()).into());
    let message = Message::Checked { exercise: "join-room".to_owned(), result };
    assert_looks_at("exercise_without_verdict", and(Learner::at("join-room"), message), SMALL, Depth::Indexed);
}

#[test]
fn compare() {
    let mine = "use rooms::Io;\n\npub fn app(io: &Io) {\n    io.on_connection(|socket| {\n        socket.on(\"join\", |socket, payload| {});\n    });\n}\n";
    assert_looks("compare_hidden", Learner::at("compare"));
    assert_looks("compare", compared(mine));
    assert_looks_at("compare_side_by_side", compared(mine), WIDE, Depth::Indexed);
    let lines =
        |from: usize| (from..from + 12).map(|number| format!("    line({number});\n")).collect::<Vec<_>>().concat();
    let starter = format!("//! A starter.\n\n{}    // 1. Do it.\n{}", lines(1), lines(21));
    let solution = format!("//! One way.\n{}    // Only now.\n    done();\n{}", lines(1), lines(21));
    assert_looks("compare_folded", compared_with(&starter, &solution));
    assert_looks_at("compare_beside_the_monitor", compared_with(&starter, &solution), (200, 30), Depth::None);
    let mut opened = after("compare", "o");
    let texts = Texts {
        learner: "fn mine() {}\n".to_owned(),
        solution: "fn theirs(with: a, longer: line) -> That { wraps_where(the, half, is, too, narrow) }\n".to_owned(),
    };
    opened.tell(Message::Comparison { exercise: "join-room".to_owned(), result: Ok(texts) });
    assert_looks_at("compare_opened_before_passing", opened, WIDE, Depth::None);
    assert_looks_at("compare_same", compared(""), SMALL, Depth::Indexed);
    let mut writing = compared(mine);
    writing.press("enter");
    writing.type_text("A function of its own, as it can be tested without a socket and named in a table of events.");
    assert_looks_at("compare_writing", writing, SMALL, Depth::Indexed);
}

#[test]
fn interview() {
    assert_looks("interview", Learner::at("interview"));
    let mut writing = after("interview", "enter");
    writing.type_text("When the browser only reads.");
    assert_looks_at("interview_writing", writing, SMALL, Depth::Indexed);
    assert_looks("interview_revealed", revealed());
    let mut rated = revealed();
    rated.press("3");
    assert_looks_at("interview_rated", rated, SMALL, Depth::Indexed);
    assert_looks("interview_again", again());
    let mut anew = again();
    anew.press("enter");
    anew.type_text("When it is one way.");
    anew.press("esc m");
    assert_looks("interview_earlier_answer", anew);
}

#[test]
fn the_lines_of_a_placeholder_begin_below_each_other() {
    let rows = rows(&screen(&mut Learner::at("interview"), (40, 24), Depth::None));
    let at = rows.iter().position(|row| row.contains("│ Answer as")).expect("the placeholder is shown");
    assert_eq!(
        &rows[at..at + 2],
        ["┃ │ Answer as you would aloud, in a  │ ┃", "┃ │ few sentences.                   │ ┃"]
    );
}

#[test]
fn reflect() {
    assert_looks("reflect", Learner::at("reflect"));
    assert_looks_at("reflect_noted", noted("One slow reader."), SMALL, Depth::Indexed);
    let mut writing = noted("One slow reader.");
    writing.press("enter");
    assert_looks_at("reflect_writing", writing, SMALL, Depth::Indexed);
}
