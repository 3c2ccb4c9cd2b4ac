use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::*;
use time::UtcOffset;

use crate::course::Course;
use crate::progress::steps::{DebugStage, SelfRating};
use crate::progress::{Access, FileError, Note, Place, Progress, SITTING_GAP};
use crate::typing;

const BEGIN: u64 = 1_700_000_000;

/// A course with every kind of step.
fn course() -> Course {
    Course::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/learn/testing/course")).unwrap()
}

/// Notes by id, question and text.
fn notes<const COUNT: usize>(notes: [(&str, &str, &str); COUNT]) -> ReadNotes {
    let read = |(id, question, text): (&str, &str, &str)| {
        (id.to_owned(), Ok(Note { question: question.to_owned(), text: text.to_owned() }))
    };
    notes.map(read).into_iter().collect()
}

fn answer(progress: &mut Progress, question: &str, text: &str, now: u64) {
    progress.kinds.interview.answer(&format!("rooms/{question}"), text, now, progress.sitting.as_ref());
}

fn not_text(path: &str) -> FileError {
    let source = std::io::Error::new(std::io::ErrorKind::InvalidData, "it is not UTF-8 text");
    FileError { access: Access::Read, path: path.into(), source }
}

fn progress() -> Progress {
    let mut progress = Progress::default();
    progress.sign(BEGIN);
    progress.enter(Place::new("rooms", "read"), BEGIN);
    progress.spent("rooms/read", 150_000);
    progress.finish("rooms/read", BEGIN + 8 * 3600);
    progress.kinds.predictions.answer("rooms/predict", 0);
    progress.enter(Place::new("rooms", "retype"), BEGIN + 60);
    let scores = vec![typing::Score { typed: 200, first_try: 190, wrong: 12 }];
    let cursor = typing::Cursor { chunk: 1, line: 0, cell: 0 };
    let typed = typing::Saved { scores, cursor, elapsed_ms: 95_000, pastes: 1, ..typing::Saved::default() };
    progress.kinds.typing.keep("rooms/retype".to_owned(), typed);
    progress.kinds.debug.plant("rooms/debug", "to-everyone", "code");
    progress.kinds.debug.reach("rooms/debug", DebugStage::Fixed);
    for _ in 0..3 {
        progress.attempted("join-room");
    }
    progress.reveal_hint("join-room", 2);
    progress.solution_opened("join-room", BEGIN + 400);
    progress.passed("join-room", "code", BEGIN + 500);
    answer(&mut progress, "when", "Never.", BEGIN + 600);
    progress.kinds.interview.rate("rooms/when", SelfRating::Missed);
    progress.sign(BEGIN + 600 + SITTING_GAP);
    answer(&mut progress, "when", "When one side only reads.", BEGIN + 600 + SITTING_GAP);
    progress.kinds.interview.rate("rooms/when", SelfRating::Solid);
    progress
}

#[test]
fn everything_that_was_done_is_on_the_page_and_what_was_not_is_said() {
    let mut notes =
        notes([("refactor", "", "- names\n- and a `table`"), ("of-an-older-course", "Which one?", "That one.")]);
    notes.insert("risk".to_owned(), Err(not_text("notes/risk.md")));
    let offset = UtcOffset::from_hms(-3, -30, 0).unwrap();
    insta::assert_snapshot!(Report::new(&course(), &progress(), &notes, BEGIN + 20_000).markdown(offset));
}

#[test]
fn the_document_has_the_same_facts() {
    let notes = notes([("refactor", "", "names")]);
    let json = serde_json::to_value(Report::new(&course(), &progress(), &notes, BEGIN)).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!((&json["lessons"][0]["state"], &json["lessons"][1]["state"]), (&"todo".into(), &"started".into()));
    let steps = json["lessons"][1]["steps"].as_array().unwrap();
    let step = |id: &str| steps.iter().find(|step| step["id"] == id).unwrap();
    assert_eq!((&step("read")["spent_seconds"], &step("retype")["spent_seconds"]), (&150.into(), &().into()));
    assert_eq!(step("predict")["prediction"]["right"], false);
    assert_eq!(step("retype")["typing"]["accuracy"], 0.95);
    assert_eq!(step("retype")["typing"]["percent"], 95);
    assert_eq!(step("debug")["debug"]["fixed"].as_array().unwrap().len(), 1);
    assert_eq!(step("interview")["answers"][0]["given"][0]["rating"], "missed");
    assert_eq!(step("interview")["answers"][1]["given"], serde_json::json!([]));
    assert_eq!(
        (&step("compare")["notes"][0]["text"], &step("reflect")["notes"][0]["text"]),
        (&"names".into(), &().into())
    );
    let exercise = &json["lessons"][1]["exercises"][1];
    assert_eq!(
        (&exercise["id"], &exercise["attempts"], &exercise["hints"]),
        (&"join-room".into(), &3.into(), &1.into())
    );
    assert_eq!(exercise["solution_opened_at"], BEGIN + 400);
}

/// The headings of a page outside its quotations, and how many pieces of HTML there are.
fn outline(page: &str) -> (Vec<String>, usize) {
    let (mut headings, mut inside, mut html) = (Vec::new(), false, 0);
    let mut quotes = 0;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => quotes -= 1,
            Event::Start(Tag::Heading { .. }) if quotes == 0 => {
                inside = true;
                headings.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => headings.last_mut().unwrap().push_str(&text),
            Event::Html(_) | Event::InlineHtml(_) => html += 1,
            _ => {}
        }
    }
    (headings, html)
}

#[test]
fn foreign_text_stays_in_its_place() {
    let course = course();
    let with = |text: &str| {
        let mut progress = progress();
        answer(&mut progress, "slow", text, BEGIN + 900 + SITTING_GAP);
        let notes = notes([("refactor", "", text), ("risk", "", "plain"), ("z", text, text)]);
        Report::new(&course, &progress, &notes, BEGIN).markdown(UtcOffset::UTC)
    };
    let (mut expected, _) = outline(&with("plain"));
    expected.pop();
    for evil in [
        "```rust\nlet a = 1;",
        "~~~\nnever closed",
        "# A heading\n\nA heading, too\n===",
        "    indented\n\n\ttab",
        "- a list\n  - in a list\n\n1. and so on",
        "| a | b |\n|---|---|\n| c",
        "<!-- never closed",
        "<div><script>alert(1)</script>\n\n<b>bold",
        "<div>\n```\n\n```\n<b>\n```\n",
        "> > quoted",
        "a `code",
        "\u{1b}[2J\u{202e}evil",
        "\n\n\n",
    ] {
        let page = with(evil);
        let (mut headings, html) = outline(&page);
        headings.pop();
        assert_eq!((headings, html), (expected.clone(), 0), "{evil:?}\n{page}");
        assert!(!page.contains(['\u{1b}', '\u{202e}']), "{evil:?}");
    }
}

#[test]
fn a_fresh_start_is_said_to_be_one() {
    let page = Report::new(&course(), &Progress::default(), &ReadNotes::new(), BEGIN).markdown(UtcOffset::UTC);
    assert_eq!(page.matches("Not begun.").count(), 2, "{page}");
    assert!(!page.contains("### "), "{page}");
}

#[test]
fn each_prediction_says_whether_the_first_answer_was_right() {
    let course = course();
    let page = |progress: &Progress| Report::new(&course, progress, &ReadNotes::new(), BEGIN).markdown(UtcOffset::UTC);
    let mut progress = Progress::default();
    progress.enter(Place::new("rooms", "predict"), BEGIN);
    assert!(page(&progress).contains("No answer is known.\n\n- Predict: who hears it?: not answered\n"));
    progress.finish("rooms/predict", BEGIN);
    let old = page(&progress);
    assert!(old.contains("### Predictions\n\nNo answer is known.\n\n- Predict: who hears it?: answered, but the answer was not kept\n"), "{old}");
    progress.kinds.predictions.answer("rooms/predict", 1);
    let right = page(&progress);
    assert!(right.contains("right first time: 1 of 1.\n\n- Predict: who hears it?: right\n"), "{right}");
}
