//! `rtws play` against `rtws serve`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod scenarios;
mod wire;

use std::{fs, net::TcpListener};

use serde_json::Value;
use wire::{assert_code, rtws, serve, stderr, stdout};

const TRANSCRIPT: &str = r#"1 connect ann, bob
2 ann emits join-project {}
    ann <- error-message {"message":"projectId required"}
3 ann emits join-project {"projectId":"p1"}
4 bob emits task-updated {"projectId":"p1","taskId":"t1"}
    ann <- task-updated {"projectId":"p1","taskId":"t1"}
"#;

const SCENARIO: &str = r#"title = "Ann hears bob"
clients = ["ann", "bob"]
[[steps]]
connect = ["ann", "bob"]
[[steps]]
emit = "join-project"
from = "ann"
payload = {}
[[steps]]
emit = "join-project"
from = "ann"
payload = { projectId = "p1" }
[[steps]]
emit = "task-updated"
from = "bob"
payload = { projectId = "p1", taskId = "t1" }
[[steps]]
expect = "task-updated"
at = "ann"
"#;

/// A scenario file; the folder is removed with the returned guard.
fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, text).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn a_scenario_file_is_played_and_its_transcript_printed() {
    let (_server, address) = serve(&["--log", "off"]);
    let (_folder, path) = file(SCENARIO);
    let output = rtws(&["play", &path, "--url", &address], "");
    assert_code(&output, 0);
    assert_eq!(stdout(&output), TRANSCRIPT);
    assert_eq!(stderr(&output), "passed: its one expectation holds\n");
}

#[test]
fn an_expectation_that_does_not_hold_is_shown_with_its_line() {
    let (_server, address) = serve(&["--log", "off"]);
    let (_folder, path) = file(&SCENARIO.replace("at = \"ann\"", "at = \"bob\""));
    let output = rtws(&["play", &path, "--url", &address], "");
    assert_code(&output, 1);
    assert_eq!(stdout(&output), TRANSCRIPT);
    let (problem, verdict) = stderr(&output).split_once('\n').unwrap();
    assert!(problem.starts_with(&format!("{path}:17: bob should receive task-updated")), "{problem}");
    assert_eq!(verdict, "failed\n");
}

#[test]
fn every_scenario_of_the_worked_example_goes_as_on_the_simulated_network() {
    let (_server, address) = serve(&["--log", "off"]);
    for case in scenarios::of("worked-example") {
        case.play(&address).unwrap_or_else(|difference| panic!("{difference}"));
    }
}

#[test]
fn json_is_one_document() {
    let (_server, address) = serve(&["--log", "off"]);
    let (_folder, path) = file(SCENARIO);
    let document = |text: &str, code| -> Value {
        fs::write(&path, text).unwrap();
        let output = rtws(&["play", &path, "--url", &address, "--json"], "");
        assert_code(&output, code);
        assert_eq!(stderr(&output), "");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let passed = document(SCENARIO, 0);
    let expected = serde_json::json!({
        "schema": 1, "scenario": path, "title": "Ann hears bob", "url": address, "verdict": "passed", "explanation": "",
        "transcript": TRANSCRIPT,
    });
    assert_eq!(passed, expected);
    let failed = document(&SCENARIO.replace("at = \"ann\"", "at = \"bob\""), 1);
    assert_eq!(failed["verdict"], "failed");
    assert!(failed["explanation"].as_str().unwrap().contains("bob should receive task-updated"), "{failed}");
}

#[test]
fn a_scenario_that_cannot_be_played_is_explained() {
    let (_folder, broken) = file("title = 1");
    for (scenario, message) in [
        ("nowhere.toml", "there is no file `nowhere.toml`"),
        (broken.as_str(), "mine.toml:1:9: "),
        ("worked-example/whole-pth", "did you mean `worked-example/whole-path`?"),
        ("worked-example", "\n  worked-example/whole-path\n"),
        ("refuses-a-missing-id", "\n  join-project/refuses-a-missing-id\n"),
    ] {
        let output = rtws(&["play", scenario], "");
        assert_code(&output, 2);
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    for url in ["", "https://127.0.0.1", "ftp://127.0.0.1"] {
        assert_code(&rtws(&["play", "worked-example/whole-path", "--url", url], ""), 2);
    }
}

#[test]
fn a_server_that_is_not_there_is_named_with_the_way_to_start_one() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let output = rtws(&["play", "worked-example/whole-path", "--url", &free], "");
    assert_code(&output, 3);
    let message = stderr(&output);
    assert!(message.starts_with(&format!("error: cannot connect to {free}: ")), "{message}");
    assert!(message.contains("`rtws serve`"), "{message}");
}
