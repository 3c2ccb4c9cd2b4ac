//! Subcommands as a learner runs them: the built program on the course that ships, with its own files.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rtws::progress::{Note, Notes, Place, Store};

const BEGIN: u64 = 1_700_000_000;

/// Runs the program for the learner whose files are in `home`.
fn rtws(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().unwrap()
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtws"));
    command.args(arguments).arg("--root").arg(env!("CARGO_MANIFEST_DIR")).env("RTWS_HOME", home);
    command
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_report_is_printed_or_written_and_replaces_no_file_unasked() {
    let home = tempfile::tempdir().unwrap();
    let ((), saved) = Store::change(home.path(), BEGIN, |progress| {
        progress.enter(Place::new("welcome", "screen"), BEGIN);
        progress.finish("welcome/screen", BEGIN + 60);
    });
    saved.unwrap();
    let note = Note { question: "Which?".to_owned(), text: "```\nnever closed".to_owned() };
    Notes::new(home.path()).write("refactor-to-keep", &note).unwrap();
    let page = printed(&rtws(home.path(), &["report"]));
    assert!(page.contains("| The screen and the keys | read | done | 2023-11-1"), "{page}");
    assert!(page.contains("\n> ```\n> never closed\n"), "{page}");

    let file = home.path().join("report.json");
    let write = ["report", "--json", "--output", file.to_str().unwrap()];
    printed(&rtws(home.path(), &write));
    let document: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!((&document["schema"], &document["lessons"][0]["id"]), (&1.into(), &"welcome".into()));
    fs::write(&file, "mine").unwrap();
    let refused = rtws(home.path(), &write);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    printed(&rtws(home.path(), &[&write[..], &["--force"]].concat()));
    assert_ne!(fs::read_to_string(&file).unwrap(), "mine");
}

/// Help is printed by clap.
#[test]
fn colours_are_for_terminals_and_for_those_who_force_them() {
    let home = tempfile::tempdir().unwrap();
    let has_colours = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(home.path(), arguments);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        printed(&command.envs(variables.iter().copied()).output().unwrap()).contains('\x1b')
    };
    let forced = ("CLICOLOR_FORCE", "1");
    for (variables, expected) in [
        (&[][..], false),
        (&[("CLICOLOR", "1")], false),
        (&[("NO_COLOR", ""), forced], true),
        (&[("NO_COLOR", "1"), forced], false),
    ] {
        let found = [["list"].as_slice(), &["list", "--help"]].map(|arguments| has_colours(arguments, variables));
        assert_eq!(found, [expected; 2], "{variables:?}");
    }
    assert!(!has_colours(&["list", "--plain"], &[forced]));
}

#[cfg(unix)]
#[test]
fn the_times_of_the_report_are_in_the_zone_of_the_machine() {
    let home = tempfile::tempdir().unwrap();
    Store::change(home.path(), BEGIN, |progress| progress.enter(Place::new("welcome", "screen"), BEGIN)).1.unwrap();
    // In POSIX notation this is five hours and three quarters ahead of UTC.
    let page = printed(&command(home.path(), &["report"]).env("TZ", "XYZ-05:45").output().unwrap());
    assert!(page.contains("(all times are UTC+05:45)"), "{page}");
    assert!(page.contains("| The screen and the keys | read | begun | 2023-11-15 03:58 |"), "{page}");
}

#[test]
fn the_solution_is_compared_after_passing_and_before_that_only_on_record() {
    let home = tempfile::tempdir().unwrap();
    let closed = rtws(home.path(), &["compare", "greet"]);
    assert_eq!((closed.status.code(), closed.stdout.as_slice()), (Some(1), &b""[..]));
    assert!(!String::from_utf8_lossy(&closed.stderr).contains("fn app"));
    assert_eq!(rtws(home.path(), &["compare", "gret"]).status.code(), Some(2));
    assert_eq!(Store::open(home.path(), 0).progress.exercise("greet").solution_opened_at, None);

    let opened = printed(&rtws(home.path(), &["compare", "greet", "--before-passing"]));
    assert!(opened.starts_with("The solution was opened before the exercise had passed.\n- yours"), "{opened}");
    let recorded = Store::open(home.path(), 0).progress.exercise("greet").solution_opened_at;
    assert!(recorded.is_some());
    let json: serde_json::Value =
        serde_json::from_str(&printed(&rtws(home.path(), &["compare", "greet", "--json"]))).unwrap();
    assert_eq!((&json["schema"], &json["solution_opened_at"]), (&1.into(), &recorded.into()));
    assert_eq!(json["same"], json["rows"].as_array().unwrap().iter().all(|row| row["same"] == true));
    let report = printed(&rtws(home.path(), &["report"]));
    let row = report.lines().find(|line| line.starts_with("| Greet a client (`greet`) |")).unwrap();
    assert!(!row.ends_with("| no |"), "the report says when it was opened: {row}");
}

#[test]
fn the_solution_stays_closed_while_nothing_can_be_recorded() {
    let home = tempfile::tempdir().unwrap();
    let _session = Store::open_session(home.path(), BEGIN).unwrap();
    let refused = rtws(home.path(), &["compare", "greet", "--before-passing"]);
    assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(3), &b""[..]));
}

#[test]
fn a_state_of_a_newer_program_is_warned_of_once() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state.json");
    fs::write(&state, r#"{ "schema": 99 }"#).unwrap();
    let hint = rtws(home.path(), &["hint", "greet"]);
    assert!(printed(&hint).starts_with("greet: hint 1 of "));
    let warnings = String::from_utf8(hint.stderr).unwrap();
    assert_eq!(warnings.matches("was written by a newer rtws").count(), 1, "{warnings}");
    assert_eq!(fs::read_to_string(state).unwrap(), r#"{ "schema": 99 }"#);
}

#[test]
fn a_log_is_written_to_the_requested_file_and_nothing_of_it_is_printed() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = home.path().join("below/rtws.txt");
    let list = |log: &str| command(home.path(), &["list"]).env("RTWS_LOG", log).output().unwrap();
    let without = list("");
    assert!(!home.path().join("log").exists());
    for log in ["info", "INFO", elsewhere.to_str().unwrap()] {
        let with = list(log);
        assert_eq!((printed(&with), &with.stderr), (printed(&without), &without.stderr));
    }
    let lines = |path| fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let (both, one) = (lines(home.path().join("log")), lines(elsewhere));
    assert_eq!((both.len(), one.len()), (2, 1), "each adds its line at the end: {both:?}");
    assert!(both[0].contains(" INFO ") && both[0].contains(env!("CARGO_PKG_VERSION")), "{both:?}");
}

#[cfg(unix)]
#[test]
fn a_log_that_cannot_be_opened_is_reported_once_and_stops_nothing() {
    let home = tempfile::tempdir().unwrap();
    let pipe = home.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [home.path(), &pipe] {
        let list = command(home.path(), &["list"]).env("RTWS_LOG", path).output().unwrap();
        assert!(printed(&list).contains("Welcome"));
        let warnings = String::from_utf8(list.stderr).unwrap();
        let begin = format!("warning: cannot write the log {}: ", path.display());
        assert!(warnings.starts_with(&begin) && warnings.matches("warning").count() == 1, "{warnings}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_on_a_full_disk_is_dropped_in_silence() {
    let home = tempfile::tempdir().unwrap();
    let list = command(home.path(), &["list"]).env("RTWS_LOG", "/dev/full").output().unwrap();
    assert!(printed(&list).contains("Welcome"));
    assert_eq!(String::from_utf8(list.stderr).unwrap(), "");
}
