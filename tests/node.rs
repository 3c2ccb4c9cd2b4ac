//! The official Socket.IO server and client against ours.
//!
//! They need Node.js and its packages, so they are left out unless somebody asks for them:
//!
//! ```text
//! (cd tests/node && npm ci) && cargo test --test node -- --include-ignored
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod wire;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use wire::{Running, assert_code, rtws, serve, stdout};

/// A program of `tests/node`.
fn node(args: &[&str]) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    let is_installed = folder.join("node_modules/socket.io").is_dir();
    assert!(is_installed, "the packages are missing: run `npm ci` in {}", folder.display());
    let mut command = Command::new("node");
    command.args(args).current_dir(folder);
    command
}

/// The worked example in JavaScript on the official server, and its address as `127.0.0.1:port`.
fn node_server() -> (Running, String) {
    let mut server = Running::start(node(&["server.js", "0"]));
    let address = server.line().strip_prefix("listening on http://").unwrap().to_owned();
    (server, address)
}

/// What three official clients see of a server.
fn official_clients(address: &str) -> Value {
    let output = node(&["client.js", &format!("http://{address}")]).output().expect("node runs");
    assert_code(&output, 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Error to the sender of an empty join alone; an update inside the room, its sender included, and silence outside.
fn expected_stages() -> Value {
    let update = json!(["task-updated", { "projectId": "p1", "taskId": "t1", "title": "Naïve 🦀" }]);
    json!({
        "emptyJoin": { "ann": [["error-message", { "message": "projectId required" }]], "bob": [], "eve": [] },
        "join": { "ann": [], "bob": [], "eve": [] },
        "update": { "ann": [update.clone()], "bob": [update], "eve": [] },
        "incompleteUpdate": { "ann": [], "bob": [], "eve": [] },
    })
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn official_clients_find_the_worked_example() {
    let (mut server, address) = serve(&[]);
    let seen = official_clients(&address);
    assert_eq!(seen["stages"], expected_stages());
    assert_eq!(seen["transports"], json!(["websocket", "websocket", "websocket"]));
    // The log knows each of them by the id that it knows itself by.
    for name in ["ann", "bob", "eve"] {
        let line = server.line_with(&format!("connect       {name} from "));
        assert!(line.contains(seen["ids"][name].as_str().unwrap()), "{line}");
    }
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn the_official_server_is_no_different() {
    let (_server, address) = node_server();
    assert_eq!(official_clients(&address)["stages"], expected_stages());
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn every_scenario_has_the_same_transcript_on_both_servers() {
    let (_ours, ours) = serve(&["--log", "off"]);
    let (_theirs, theirs) = node_server();
    let scenarios = scenarios();
    assert!(!scenarios.is_empty());
    for scenario in &scenarios {
        let transcript = |address: &str| {
            let output = rtws(&["play", scenario.to_str().unwrap(), "--url", address], "");
            assert_code(&output, 0);
            stdout(&output).to_owned()
        };
        assert_eq!(transcript(&ours), transcript(&theirs), "{}", scenario.display());
    }
}

#[test]
#[ignore = "needs Node.js and `npm ci` in tests/node"]
fn our_client_sees_the_same_on_both_servers() {
    let (_ours, ours) = serve(&["--log", "off"]);
    let (_theirs, theirs) = node_server();
    let input = "join-project\njoin-project {\"projectId\":7}\ntask-updated {\"projectId\":\"7\",\"taskId\":\"é\"}\n";
    let after_connecting = |address: &str| {
        let output = rtws(&["client", address, "--ack"], input);
        assert_code(&output, 0);
        stdout(&output).split_once('\n').unwrap().1.to_owned()
    };
    let seen = after_connecting(&ours);
    assert!(seen.contains("<- task-updated {\"projectId\":\"7\",\"taskId\":\"é\"}"), "{seen}");
    assert_eq!(seen, after_connecting(&theirs));
}

fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/01-realtime-websockets/scenarios/worked-example");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
#[ignore = "needs Node.js"]
fn every_block_of_javascript_in_the_lessons_parses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let mut checked = 0;
    for file in blocks::files(root).unwrap() {
        for block in blocks::blocks(&fs::read_to_string(&file).unwrap(), "js").unwrap() {
            // The line that Node names is the one in the text.
            let script = folder.path().join("block.js");
            fs::write(&script, "\n".repeat(block.line) + &block.code).unwrap();
            let output = Command::new("node").arg("--check").arg(&script).output().expect("node runs");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}, block of line {}:\n{said}", file.display(), block.line);
            checked += 1;
        }
    }
    assert!(checked > 0);
}
