//! Progress survives programs that are killed, and programs that write at the same time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rtws::progress::Store;

const EXERCISE: &str = "any";
const HOME: &str = "RTWS_TEST_PROGRESS_HOME";
const CHANGES: &str = "RTWS_TEST_PROGRESS_CHANGES";

fn attempts(home: &Path) -> u32 {
    let opened = Store::open(home, 0);
    assert_eq!(opened.notice, None);
    opened.progress.exercise(EXERCISE).attempts
}

/// In a process that [`writer`] started: counts attempts, and prints each number once it is saved.
fn write_if_asked() -> bool {
    let (Some(home), Ok(changes)) = (env::var_os(HOME).map(PathBuf::from), env::var(CHANGES)) else { return false };
    let mut output = std::io::stdout().lock();
    for _ in 0..changes.parse::<u32>().unwrap() {
        let count = |progress: &mut rtws::progress::Progress| {
            progress.attempted(EXERCISE);
            progress.exercise(EXERCISE).attempts
        };
        let (attempts, saved) = Store::change(&home, 0, count);
        saved.unwrap();
        writeln!(output, "\nsaved {attempts}").unwrap();
    }
    true
}

/// Runs the test with this name in a child process, as a writer.
fn writer(test: &str, home: &Path, changes: u32) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(HOME, home).env(CHANGES, changes.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

#[test]
fn three_hundred_kills_while_saving_lose_nothing() {
    if write_if_asked() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut known = 0;
    for round in 0..300 {
        let mut child = writer("three_hundred_kills_while_saving_lose_nothing", home.path(), u32::MAX);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut saved = lines.by_ref().filter_map(|line| line.strip_prefix("saved ").map(|it| it.parse().unwrap()));
        // The next save has begun, and each round is killed at a different moment of it.
        let told: u32 = saved.nth(round % 3).unwrap();
        for _ in 0..(round * 97) % 20_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let told = saved.last().unwrap_or(told);
        let found = attempts(home.path());
        assert!(told > known && found >= told && found <= told + 1, "{told} saved after {known}, {found} found");
        known = found;
    }
}

#[test]
fn two_writers_and_a_thousand_changes_lose_none() {
    if write_if_asked() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let test = "two_writers_and_a_thousand_changes_lose_none";
    let writers = [writer(test, home.path(), 500), writer(test, home.path(), 500)];
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(attempts(home.path()), 1000);
}
