//! A learner at the keyboard.

use super::super::{Fading, State};
use super::*;

const SOURCE: [&str; 2] =
    ["// Bring it in.\nuse rooms::Io;\n\n", "pub fn app(io: &Io) {\n    // Listen.\n    io.on();  \n}\n"];

fn chunks(texts: &[&str]) -> Vec<Chunk> {
    let chunk = |text: &&str| Chunk { label: "label".to_owned(), why: "why".to_owned(), text: (*text).to_owned() };
    texts.iter().map(chunk).collect()
}

fn retyping(texts: &[&str]) -> Retyping {
    Retyping::new(&chunks(texts))
}

/// Types each character, a newline as Enter, 100 ms apart, and returns the last outcome.
fn type_text(retyping: &mut Retyping, text: &str) -> Outcome {
    let mut last = Outcome::Ignored;
    for character in text.chars() {
        let at_ms = retyping.last_key_ms.unwrap_or_default() + 100;
        last = retyping.press(if character == '\n' { Key::Enter } else { Key::Char(character) }, at_ms);
    }
    last
}

/// The line as it is drawn: `[x]` is the cursor, `{x}` a wrong key, `<x>` given.
fn drawn(retyping: &Retyping, chunk: usize, fading: Fading) -> Vec<String> {
    let piece = |piece: &super::super::Piece| match piece.state {
        State::Done => piece.text.to_uppercase(),
        State::Given => format!("<{}>", piece.text),
        State::Cursor => format!("[{}]", piece.text),
        State::Wrong => format!("{{{}}}", piece.text),
        State::Pending => piece.text.clone(),
    };
    retyping.lines(chunk, fading).iter().map(|line| line.pieces.iter().map(piece).collect()).collect()
}

#[test]
fn typing_every_key_that_is_asked_for_gives_exactly_the_source() {
    let mut retyping = retyping(&SOURCE);
    assert_eq!(type_text(&mut retyping, "use rooms::Io;\n"), Outcome::ChunkDone);
    assert_eq!(retyping.text(), SOURCE[0]);
    assert_eq!(type_text(&mut retyping, "pub fn app(io: &Io) {\nio.on();\n}\n"), Outcome::AllDone);
    assert!(retyping.is_done());
    assert_eq!(retyping.text(), SOURCE.concat());
    assert_eq!(retyping.total().accuracy(), Some(1.0));
    assert_eq!(retyping.keys(), (48, 48));
}

#[test]
fn a_source_without_a_final_newline_stays_without_one() {
    let mut retyping = retyping(&["a\nb"]);
    assert_eq!(type_text(&mut retyping, "a\nb\n"), Outcome::AllDone);
    assert_eq!(retyping.text(), "a\nb");
}

#[test]
fn each_key_says_what_it_did() {
    let mut retyping = retyping(&["ab\nc\n", "d\n"]);
    let outcomes: Vec<Outcome> =
        ["a", "x", "b", "\n", "c", "\n", "d", "\n", "e"].iter().map(|key| type_text(&mut retyping, key)).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Right,
            Outcome::Wrong,
            Outcome::Right,
            Outcome::LineDone,
            Outcome::Right,
            Outcome::ChunkDone,
            Outcome::Right,
            Outcome::AllDone,
            Outcome::Ignored
        ]
    );
}

#[test]
fn a_wrong_key_does_not_advance_and_is_shown_until_the_next() {
    let mut retyping = retyping(&["ab\n"]);
    type_text(&mut retyping, "ax");
    assert_eq!(retyping.wrong(), Some(&Wrong { expected: "b".to_owned(), pressed: "x".to_owned() }));
    assert_eq!(drawn(&retyping, 0, Fading::None), ["A{b}"]);
    assert_eq!(retyping.text(), "a");
    type_text(&mut retyping, "b");
    assert_eq!(retyping.wrong(), None);
    assert_eq!(drawn(&retyping, 0, Fading::None), ["AB[⏎]"]);
}

#[test]
fn accuracy_is_the_share_right_at_the_first_try() {
    let mut retyping = retyping(&["abc\n"]);
    type_text(&mut retyping, "axxbc\n");
    assert_eq!(retyping.score(0), Score { typed: 4, first_try: 3, wrong: 2 });
    assert_eq!(retyping.total().accuracy(), Some(0.75));
    assert_eq!(retyping.most_missed(), [("b", 1)], "one place, as for the accuracy, whatever was pressed there");
}

#[test]
fn the_most_missed_comes_first_and_enter_is_one_of_them() {
    let mut retyping = retyping(&["ab\nb\n"]);
    type_text(&mut retyping, "xabx\nbx");
    assert_eq!(retyping.most_missed(), [("Enter", 2), ("a", 1)]);
}

#[test]
fn backspace_only_takes_the_mark_away() {
    let mut retyping = retyping(&["ab\n"]);
    type_text(&mut retyping, "ax");
    assert_eq!(retyping.press(Key::Backspace, 0), Outcome::MarkCleared);
    assert_eq!((retyping.wrong(), retyping.text().as_str()), (None, "a"));
    assert_eq!(retyping.press(Key::Backspace, 0), Outcome::Ignored);
    assert_eq!((retyping.text().as_str(), retyping.total().wrong), ("a", 1));
}

#[test]
fn habits_at_the_start_of_a_line_are_not_mistakes() {
    let mut retyping = retyping(&["{\n\n    a b\n}\n"]);
    type_text(&mut retyping, "{\n");
    assert_eq!(type_text(&mut retyping, "\n    "), Outcome::Ignored);
    assert_eq!(type_text(&mut retyping, "a b\n}\n"), Outcome::AllDone);
    assert_eq!(retyping.total().wrong, 0);
}

#[test]
fn elsewhere_a_space_too_many_is_a_mistake() {
    let mut retyping = retyping(&["ab\n"]);
    assert_eq!(type_text(&mut retyping, "a "), Outcome::Wrong);
    assert_eq!(type_text(&mut retyping, "b "), Outcome::Wrong);
}

#[test]
fn characters_outside_ascii_are_given_and_may_be_typed() {
    let source = "say(\"né… 👩\u{200d}💻\");\n";
    for typed in ["say(\"n \");\n", "say(\"né… 👩💻\");\n"] {
        let mut retyping = retyping(&[source]);
        assert_eq!(type_text(&mut retyping, typed), Outcome::AllDone, "{typed}");
        assert_eq!((retyping.text().as_str(), retyping.total().wrong), (source, 0));
    }
}

#[test]
fn a_character_that_was_not_given_here_is_wrong() {
    let mut retyping = retyping(&["é = a\n"]);
    type_text(&mut retyping, " = ");
    assert_eq!(type_text(&mut retyping, "é"), Outcome::Wrong);
}

#[test]
fn text_with_nothing_to_type_is_done_at_once() {
    for texts in [&[][..], &["", "// only this\n\n"]] {
        let retyping = retyping(texts);
        assert!(retyping.is_done());
        assert_eq!(retyping.text(), texts.concat());
        assert_eq!((retyping.total().accuracy(), retyping.keys()), (None, (0, 0)));
    }
}

#[test]
fn a_paste_inserts_nothing_and_is_counted() {
    let mut retyping = retyping(&["ab\n"]);
    type_text(&mut retyping, "ax");
    assert_eq!(retyping.paste(), Outcome::PasteRefused);
    assert_eq!((retyping.text().as_str(), retyping.saved().pastes), ("a", 1));
}

#[test]
fn a_paste_without_a_mark_is_taken_back_whole() {
    let mut retyping = retyping(&SOURCE).with_paste_guard();
    type_text(&mut retyping, "use");
    let before = retyping.text();
    for character in " rooms::Io;".chars() {
        retyping.press(Key::Char(character), 5_000);
    }
    assert_eq!((retyping.text(), retyping.saved().pastes, retyping.total().wrong), (before, 1, 0));
    assert_eq!(retyping.press(Key::Char(' '), 6_000), Outcome::Right);
    assert_eq!(retyping.text(), "// Bring it in.\nuse ");
}

#[test]
fn without_the_guard_keys_that_arrive_at_once_are_typed() {
    let mut retyping = retyping(&SOURCE);
    for character in "use rooms::Io;".chars() {
        assert_eq!(retyping.press(Key::Char(character), 5_000), Outcome::Right);
    }
}

#[test]
fn a_long_pause_counts_as_reading() {
    let mut retyping = retyping(&["abc\n"]);
    for (character, at_ms) in [('a', 1_000), ('b', 1_500), ('c', 3_600_000)] {
        retyping.press(Key::Char(character), at_ms);
    }
    assert_eq!(retyping.elapsed_ms(), 500 + LONGEST_PAUSE_MS);
    assert_eq!(retyping.speed(), Some(3 * 60_000 / 5_500));
}

#[test]
fn it_goes_on_where_it_was_saved() {
    let all = "use rooms::Io;\npub fn app(io: &Io) {\nio.on();\n}\n";
    for stop in 0..=all.len() {
        let mut first = retyping(&SOURCE);
        type_text(&mut first, &all[..stop]);
        type_text(&mut first, "~");
        let json = serde_json::to_string(first.saved()).unwrap();
        let mut second = Retyping::resume(&chunks(&SOURCE), &serde_json::from_str(&json).unwrap());
        assert_eq!((second.text(), second.total()), (first.text(), first.total()), "{stop}");
        type_text(&mut second, &all[stop..]);
        assert_eq!(second.text(), SOURCE.concat(), "{stop}");
        assert_eq!(second.total().wrong, u32::from(stop < all.len()), "{stop}");
    }
}

#[test]
fn another_text_or_a_position_that_is_not_in_it_starts_afresh() {
    let mut first = retyping(&["abc\n"]);
    type_text(&mut first, "ab");
    assert_eq!(Retyping::resume(&chunks(&["xyz\n"]), first.saved()).text(), "");
    for cursor in [
        Cursor { chunk: 9, line: 0, cell: 0 },
        Cursor { chunk: 0, line: 9, cell: 0 },
        Cursor { chunk: 0, line: 0, cell: 99 },
        Cursor { chunk: usize::MAX, line: usize::MAX, cell: usize::MAX },
    ] {
        let broken = Saved { cursor, ..first.saved().clone() };
        assert_eq!(Retyping::resume(&chunks(&["abc\n"]), &broken).text(), "", "{cursor:?}");
    }
}

#[test]
fn fields_of_a_later_version_are_kept() {
    let retyping = retyping(&["abc\n"]);
    let mut json = serde_json::to_value(retyping.saved()).unwrap();
    json["rhythm"] = 7.into();
    let resumed = Retyping::resume(&chunks(&["abc\n"]), &serde_json::from_value(json.clone()).unwrap());
    assert_eq!(serde_json::to_value(resumed.saved()).unwrap(), json);
}

#[test]
fn a_chunk_is_drawn_with_the_state_of_each_character() {
    let mut retyping = retyping(&SOURCE);
    type_text(&mut retyping, "use rooms::Io;\npub");
    assert_eq!(drawn(&retyping, 0, Fading::None), ["<// Bring it in.>", "USE ROOMS::IO;", ""]);
    assert_eq!(
        drawn(&retyping, 1, Fading::None),
        ["PUB[ ]fn app(io: &Io) {", "<    // Listen.>", "<    >io.on();<  >", "}"]
    );
    assert_eq!(drawn(&retyping, 9, Fading::None), Vec::<String>::new());
}

#[test]
fn faded_words_come_back_when_typed_or_missed() {
    let mut retyping = retyping(&["let ab = c;\n"]);
    type_text(&mut retyping, "let ");
    assert_eq!(drawn(&retyping, 0, Fading::Words), ["LET [·]· = c;"]);
    type_text(&mut retyping, "x");
    assert_eq!(drawn(&retyping, 0, Fading::Words), ["LET {a}· = c;"]);
    type_text(&mut retyping, "a");
    assert_eq!(drawn(&retyping, 0, Fading::Words), ["LET A[·] = c;"]);
}

#[test]
fn when_all_is_hidden_only_white_space_and_what_is_typed_shows() {
    let mut retyping = retyping(&["{\n  // why\n  a\n}\n"]);
    assert_eq!(drawn(&retyping, 0, Fading::All), ["[ ]", "<        >", "<  > ", " "]);
    type_text(&mut retyping, "{\n");
    assert_eq!(drawn(&retyping, 0, Fading::All), ["{", "<  // why>", "<  >[ ]", " "]);
}

#[test]
fn drawn_text_is_clean() {
    let retyping = retyping(&["a(\"\u{1b}[2J\u{202e}\")\n"]);
    let all: String =
        retyping.lines(0, Fading::None).iter().flat_map(|line| &line.pieces).map(|piece| piece.text.as_str()).collect();
    assert!(!all.contains(['\u{1b}', '\u{202e}']), "{all:?}");
}
