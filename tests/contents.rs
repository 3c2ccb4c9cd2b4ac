//! A verdict depends on the contents of a file and the lessons of the named workshop, and not on file times, earlier
//! contents or the workshop's place.
//!
//! The tests run the built program on copies of this repository that share one target folder.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is a failed test")]

#[path = "contents/model.rs"]
mod model;
#[path = "contents/operation.rs"]
mod operation;
#[path = "contents/workshops.rs"]
mod workshops;

use std::fs;
use std::os::unix::fs::symlink;
use std::time::SystemTime;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use model::{SOLUTION, STARTER};
use operation::{Operation, operation};
use workshops::Workshops;

/// Sequences of operations, each followed by a check.
const SEQUENCES: u32 = 20;
const OPERATIONS: usize = 10;

#[test]
fn each_verdict_is_the_one_of_the_contents_at_that_moment() {
    let config = Config { cases: SEQUENCES, failure_persistence: None, max_shrink_iters: 50, ..Config::default() };
    let sequences = prop::collection::vec((operation(), any::<bool>(), any::<bool>()), OPERATIONS);
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&sequences, |sequence| {
        let workshops = Workshops::new(2);
        for (operation, copy, exercise) in sequence {
            operation.run(&workshops);
            let copy = &workshops.copies[usize::from(copy)];
            let exercise = ["greet", "join-project"][usize::from(exercise)];
            model::assert_verdict(copy, exercise, &copy.check(exercise));
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

fn verdict(report: &Value) -> &str {
    report["verdict"].as_str().unwrap()
}

fn titles(report: &Value) -> Vec<&str> {
    report["scenarios"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect()
}

/// cargo#6529: `cp -p`, `mv`, `tar x` and `git stash` restore an old text with its old time.
#[test]
fn a_starter_that_comes_back_with_its_old_time_fails_and_a_solution_passes() {
    let workshops = Workshops::new(1);
    let copy = &workshops.copies[0];
    let (starter, solution) = (copy.text("starter", "greet"), copy.text("solution", "greet"));
    let source = copy.source("greet");
    fs::write(&source, &starter).unwrap();
    let time = fs::metadata(&source).unwrap().modified().unwrap();
    for _ in 0..2 {
        for (text, wanted) in [(&solution, "passed"), (&starter, "failed")] {
            fs::write(&source, text).unwrap();
            operation::set_time(&source, time);
            assert_eq!(verdict(&copy.check("greet")), wanted);
        }
    }
}

/// cargo#8693: the compiled path is the folder of another workshop, or of one that is gone.
#[test]
fn a_workshop_that_was_moved_or_copied_is_judged_by_its_own_lessons() {
    let workshops = Workshops::new(2);
    let [original, other] = &workshops.copies[..] else { panic!() };
    fs::write(original.source("greet"), original.text("solution", "greet")).unwrap();
    assert_eq!(verdict(&original.check("greet")), "passed");
    original.rename();
    assert_eq!(verdict(&original.check("greet")), "passed", "although it has moved");
    assert_eq!(verdict(&original.run(&["check", "--solutions", "greet", "--json"]).0), "passed");

    Operation::EditTitle { copy: false }.run(&workshops);
    fs::write(other.source("greet"), original.text("solution", "greet")).unwrap();
    let (mine, theirs) = (original.check("greet"), other.check("greet"));
    assert_eq!((verdict(&mine), verdict(&theirs)), ("passed", "passed"));
    assert!(titles(&mine).contains(&model::OTHER_TITLE), "{mine}");
    assert!(!titles(&theirs).contains(&model::OTHER_TITLE), "{theirs}");
}

/// The libraries that an answer links count as well, even if they were built earlier by a clock that was ahead.
#[test]
fn a_changed_library_is_built_again_whatever_the_clock_says() {
    let workshops = Workshops::new(2);
    for (copy, word) in workshops.copies.iter().zip(["shouts", "whispers"]) {
        let path = copy.path("crates/scenario/src/transcript.rs");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("{from} emits {event}"));
        fs::write(path, text.replace("{from} emits {event}", &format!("{{from}} {word} {{event}}"))).unwrap();
        fs::write(copy.source("greet"), copy.text("solution", "greet")).unwrap();

        let before = SystemTime::now();
        let report = copy.check("greet");
        assert_eq!(verdict(&report), "failed");
        let happened = report["scenarios"][0]["actual"].as_str().unwrap();
        assert!(happened.contains(&format!("ada {word} greet")), "{happened}");
        workshops::date_ahead(["scenario-", "rooms-", "linked-"], before);
    }
}

/// mdBook#2224: an editor's lock file is a link to nowhere.
#[test]
fn an_editors_lock_file_is_not_a_scenario() {
    let workshops = Workshops::new(1);
    let copy = &workshops.copies[0];
    fs::write(copy.source("greet"), copy.text("solution", "greet")).unwrap();
    for folder in ["lessons/00-welcome/scenarios/greet", "lessons/00-welcome", "lessons", "exercises/src"] {
        symlink("user@host.1234:5678", copy.path(folder).join(".#greets-by-name.toml")).unwrap();
        fs::create_dir(copy.path(folder).join(".folder")).unwrap();
    }
    let report = copy.check("greet");
    assert_eq!((verdict(&report), model::written(&report).count()), ("passed", 3), "{report}");
    let (_, listed) = copy.run(&["list"]);
    assert!(listed.success());
}

/// setup-rust-toolchain#48: `-D warnings` in the environment.
#[test]
fn a_warning_is_shown_and_changes_no_verdict() {
    let workshops = Workshops::new(1);
    let copy = &workshops.copies[0];
    let text = copy.text("solution", "greet").replacen("{\n", "{\n    let unused = 7;\n", 1);
    fs::write(copy.source("greet"), text).unwrap();
    for flags in ["", "-D warnings", "-Dwarnings", "--deny=warnings"] {
        let report = copy.check_with("greet", &[("RUSTFLAGS", flags)]);
        assert_eq!(verdict(&report), "passed", "{flags}: {report}");
        assert!(report["warnings"].as_str().unwrap().contains("unused variable: `unused`"), "{report}");
    }
}

#[test]
fn the_texts_that_the_model_knows_are_told_apart() {
    let workshops = Workshops::new(1);
    let copy = &workshops.copies[0];
    for (text, wanted) in [(SOLUTION, "passed"), (STARTER, "failed")] {
        fs::write(copy.source("greet"), copy.text(text, "greet")).unwrap();
        assert_eq!(verdict(&copy.check("greet")), wanted);
    }
}
