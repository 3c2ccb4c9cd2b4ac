//! The learner's folder with foreign things in it: the program never waits for them, and names each.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output};

const RTWS: &str = env!("CARGO_BIN_EXE_rtws");

fn rtws(arguments: &[&str], home: &Path) -> Output {
    let mut command = Command::new(RTWS);
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("RTWS_ROOT").env("RTWS_HOME", home);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_state_that_is_a_pipe_is_set_aside_by_name() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["list"][..], &["hint", "greet"], &["report"]] {
        make_pipe(&home.path().join("state.json"));
        let output = rtws(arguments, home.path());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let said = said(&output);
        assert!(said.contains("it is not a file, but a pipe or a device"), "{said}");
        assert!(said.contains("state.json.unreadable-"), "{said}");
        std::fs::remove_file(home.path().join("state.json")).ok();
    }
}

#[test]
fn a_state_of_millions_of_objects_is_refused_before_it_takes_memory() {
    let home = tempfile::tempdir().unwrap();
    for objects in [3_000_000, 500_000] {
        let state = format!(r#"{{ "schema": 1, "x": [{}0] }}"#, r#"{"":0},"#.repeat(objects));
        std::fs::write(home.path().join("state.json"), state).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", r#"ulimit -v 400000; exec "$0" hint greet"#, RTWS]);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("RTWS_ROOT").env("RTWS_HOME", home.path());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(said(&output).contains("Your progress could not be read: it has more than"), "{output:?}");
    }
}

#[test]
fn a_lock_that_somebody_holds_is_reported_with_the_program_that_has_it() {
    let home = tempfile::tempdir().unwrap();
    let lock = home.path().join("state.lock");
    let file = File::create(&lock).unwrap();
    file.lock().unwrap();
    for arguments in [&["hint", "greet"][..], &["compare", "greet", "--before-passing"]] {
        let output = rtws(arguments, home.path());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let error = said(&output);
        let holder = format!("{} is held by another program", lock.display());
        assert!(error.contains(&holder) && error.contains("end it, and try again"), "{error}");
        if cfg!(target_os = "linux") {
            assert!(error.contains(&format!("(process {}, `", std::process::id())), "{error}");
        }
    }
    // A command that changes nothing needs no lock.
    assert_eq!(rtws(&["list"], home.path()).status.code(), Some(0));
    drop(file);
    assert_eq!(rtws(&["hint", "greet"], home.path()).status.code(), Some(0));
}

#[test]
fn a_lock_that_is_a_pipe_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    for name in ["state.lock", "session.lock"] {
        let lock = home.path().join(name);
        make_pipe(&lock);
        let output = rtws(&["hint", "greet"], home.path());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        assert!(said(&output).contains(&format!("cannot lock {}: it is not a file", lock.display())), "{output:?}");
        std::fs::remove_file(lock).unwrap();
    }
}
