//! A small course and reports on its exercises, for the tests.

use std::path::Path;

use judge::CheckReport;
use judge::report::{ScenarioReport, Verdict};

use crate::course::{Colour, Course, render};

/// A time, in seconds since 1970.
pub(super) const NOW: u64 = 1_700_000_000;

/// The course of the screen's tests, which has every kind of step.
pub(super) fn course() -> Course {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/learn/testing/course");
    Course::load(&root).unwrap_or_else(|faults| panic!("{}", render(&faults, Colour::Off)))
}

/// A verdict on an exercise, with one scenario that ended the same way.
pub(super) fn report(exercise: &str, verdict: Verdict) -> CheckReport {
    let scenario = ScenarioReport {
        name: "a-first".to_owned(),
        title: "Who joins a room hears it".to_owned(),
        generated: false,
        verdict,
        explanation: String::new(),
        expected: None,
        actual: None,
        printed: None,
        location: None,
    };
    CheckReport {
        id: exercise.to_owned(),
        verdict,
        seconds: 0.4,
        scenarios: vec![scenario],
        message: None,
        location: None,
        sha256: None,
        warnings: None,
        likely_cause: None,
        code: format!("// the text that is {verdict}\n"),
    }
}
