//! Text from clients, compilers and editors that would change a terminal.

use judge::report::Verdict;
use rooms::observer::Event;

use super::*;
use crate::course::steps::DoesNotFit;
use crate::coursework::bug::PlantError;
use crate::learn::testing::learner::{checked, connect, disconnect, join, of_debug, report};
use crate::progress::Note;

/// Colours, a title, a bell, a clear screen, text from right to left, nothing at all, and wide characters.
const EVIL: &str = "\x1b[31mred\x1b]0;title\x07\x1b[2J \u{202e}tfel\u{202c} \u{200b}日本語 \u{9b}31m e\u{301}\tend";

fn long() -> String {
    "日本語-".repeat(200)
}

/// In the monitor, the step and the status line at once.
pub(super) fn everywhere() -> Learner {
    let mut learner = watched();
    let mut check = report("join-room", Verdict::Failed);
    check.message = Some(format!("{EVIL}\n  | {}\n", long()));
    check.scenarios[0].title = EVIL.to_owned();
    check.scenarios[0].explanation = format!("{EVIL} {}", long());
    check.scenarios[0].expected = Some(format!("{EVIL}\n{}\n", long()));
    check.scenarios[0].actual = Some(format!("{EVIL}!\n{}!\n", long()));
    learner.tell(checked(check));
    let source = DoesNotFit { bug: String::new(), find: String::new(), times: "nowhere" };
    let error = PlantError::OtherCode { exercise: format!("{EVIL} {}", long()), source };
    learner.tell(Message::Planted { about: of_debug(""), result: Err(error) });
    learner
}

fn watched() -> Learner {
    let mut learner = Learner::at("join-room");
    learner.hear(connect("s1", EVIL));
    learner.hear(connect("s2", &long()));
    learner.hear(join("s1", EVIL));
    learner.hear(join("s2", &long()));
    let received = |payload: String| Event::Received {
        socket: "s1".to_owned(),
        name: EVIL.to_owned(),
        payload,
        bytes: 9,
        handled: true,
    };
    learner.hear(received(EVIL.to_owned()));
    learner.hear(received(long()));
    learner.hear(Event::HandlerPanic { socket: "s2".to_owned(), name: long(), message: EVIL.to_owned() });
    learner.hear(disconnect("s2", EVIL));
    learner.press("tab t");
    learner
}

#[test]
fn in_the_monitor() {
    assert_looks("hostile_monitor", watched());
}

#[test]
fn in_a_verdict_and_in_the_status() {
    let mut learner = everywhere();
    learner.press("tab");
    assert_looks("hostile_verdict", learner);
}

/// In a note that somebody else's editor has written.
pub(super) fn noted() -> Learner {
    let note = Note { question: EVIL.to_owned(), text: format!("{}\n{EVIL}", long()) };
    let mut learner = Learner::at("reflect");
    learner.tell(Message::NoteLoaded { id: "risk".to_owned(), result: Ok(Some(note)) });
    learner
}

#[test]
fn in_a_note() {
    assert_looks_at("hostile_note", noted(), SMALL, Depth::Indexed);
}
