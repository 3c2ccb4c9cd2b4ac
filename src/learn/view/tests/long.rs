//! Texts that are longer than anybody reads are laid out once, and not again for each key and each frame.

use judge::LONGEST;
use judge::report::Verdict;

use super::*;
use crate::learn::document::laid_out;
use crate::learn::testing::learner::{checked, report};

/// The message of `assert_eq!` about two long vectors.
fn panic_message() -> String {
    format!("assertion `left == right` failed\n  left: [{}7]\n right: []", "7, ".repeat(500_000))
}

/// An exercise that has failed with the longest possible messages.
fn failed() -> Learner {
    let mut learner = Learner::at("join-room");
    let mut check = report("join-room", Verdict::Failed);
    check.message = Some(panic_message());
    check.warnings = Some("warning: unused\n".repeat(100_000));
    check.scenarios[0].explanation = panic_message();
    check.scenarios[0].expected = Some("1 connect ann\n".repeat(100_000));
    check.scenarios[0].actual = Some("1 connect bob\n".repeat(100_000));
    learner.tell(checked(check));
    learner
}

#[test]
fn keys_and_frames_lay_nothing_out_again() {
    let mut learner = failed();
    screen(&mut learner, LARGE, Depth::Indexed);
    learner.press("end");
    let before = laid_out();
    for key in ["down", "pagedown", "end", "home", "?", "esc", "tab", "tab"] {
        learner.press(key);
        screen(&mut learner, LARGE, Depth::Indexed);
        learner.wait_until_ms(learner.model.now_ms + 150);
        screen(&mut learner, LARGE, Depth::Indexed);
    }
    assert_eq!(laid_out(), before);
    screen(&mut learner, SMALL, Depth::Indexed);
    assert!(laid_out() > before, "another width needs another layout");
}

#[test]
fn no_more_is_laid_out_than_a_learner_would_read() {
    let mut learner = failed();
    screen(&mut learner, LARGE, Depth::Indexed);
    learner.press("end");
    // Each of the five texts in lines of 60 columns, or in its own lines.
    let most = 5 * LONGEST / 12;
    let end = learner.model.measured.end;
    assert!(usize::from(end) < most, "{end}");
    let text = rows(&screen(&mut learner, LARGE, Depth::Indexed)).join("\n");
    assert!(text.contains("warning: unused") || text.contains("exercises/src"), "{text}");
}
