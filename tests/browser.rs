//! Strangers' pages in a real browser, while a learner is at work.
//!
//! A page sends every kind of request that a page can send (`tests/browser/ways.js`) and reports all that it can see of
//! the answer. It has to be the same as for a port on which nobody listens.
//!
//! They need Debian's Chromium, Node.js and its packages, so they are ignored by default:
//!
//! ```text
//! (cd tests/browser && npm ci) && (cd tests/node && npm ci) && cargo test --test browser -- --include-ignored
//! ```
//!
//! `CHROMIUM` names another Chromium than `/usr/bin/chromium`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is a failed test")]

mod wire;

use std::{collections::BTreeMap, path::Path, process::Command, thread};

use serde_json::{Value, json};
use wire::{Running, command, serve};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");

/// Where a client opens a session.
const SESSION: &str = "/socket.io/?EIO=4&transport=polling";

/// A browser, and a server that has pages for it.
struct Browser {
    program: Running,
    ports: Value,
}

/// The results that a page sees, by the kind of request.
type Seen = BTreeMap<String, String>;

impl Browser {
    fn start() -> Self {
        for folder in [FOLDER.to_owned(), format!("{FOLDER}/../node")] {
            let is_installed = Path::new(&folder).join("node_modules").is_dir();
            assert!(is_installed, "the packages are missing: run `npm ci` in {folder}");
        }
        let mut node = Command::new("node");
        node.arg("run.js").current_dir(FOLDER);
        let mut program = Running::start(node);
        let ports = serde_json::from_str(&program.line()).unwrap();
        Self { program, ports }
    }

    /// The address of a server of the browser's own: `pages`, `naive`, which refuses without hiding from pages, or
    /// `closed`, where nobody listens.
    fn address(&self, host: &str, server: &str) -> String {
        format!("http://{host}:{}", self.ports[server])
    }

    fn ask(&mut self, question: &[&str]) -> Value {
        self.program.type_line(&question.join(" "));
        serde_json::from_str(&self.program.line()).unwrap()
    }

    fn look(&mut self, page: &str, address: &str) -> Seen {
        serde_json::from_value(self.ask(&["look", page, address])).unwrap()
    }
}

/// The kinds of requests whose results differ, with both results.
fn differences<'a>(one: &'a Seen, other: &'a Seen) -> Vec<(&'a str, &'a str, Option<&'a String>)> {
    let differs = |(way, seen): &(&String, &String)| other.get(*way) != Some(*seen);
    one.iter().filter(differs).map(|(way, seen)| (way.as_str(), seen.as_str(), other.get(way))).collect()
}

/// A learner's client, which is in a room.
fn learner(address: &str) -> Running {
    let mut client = Running::start(command(&["client", address, "--name", "learner"]));
    client.line_with("connected");
    client.type_line("join-project {\"projectId\":\"p1\"}");
    client
}

fn hears_its_events(client: &mut Running) {
    client.type_line("task-updated {\"projectId\":\"p1\",\"taskId\":\"t1\"}");
    client.line_with("<- task-updated {\"projectId\":\"p1\",\"taskId\":\"t1\"}");
}

/// The records of a server until its only client leaves.
fn records(mut server: Running) -> thread::JoinHandle<Vec<Value>> {
    thread::spawn(move || {
        let mut records: Vec<Value> = Vec::new();
        while records.last().is_none_or(|record| record["event"] != "disconnect") {
            records.push(serde_json::from_str(&server.line()).unwrap());
        }
        records
    })
}

/// Asserts that only the learner was admitted, and that all others were refused for the right reason: with a single
/// place, an admitted page would have been one client too many.
fn nobody_came(records: &[Value]) {
    let connects = records.iter().filter(|record| record["event"] == "connect");
    assert_eq!(connects.count(), 1);
    let refused = records.iter().filter(|record| record["event"] == "refused");
    let reasons: Vec<_> = refused.map(|record| record["reason"].as_str().unwrap()).collect();
    let expected = [
        "a web page of ",
        "a browser asked from another site",
        "a browser opened the address as a page",
        "the Host `evil.test:",
        "the head of a request",
        // A browser asks for it when it shows the refusal in a window.
        "nothing is served at /favicon.ico",
    ];
    let is_expected = |reason: &&&str| expected.iter().any(|expected| reason.starts_with(expected));
    let odd: Vec<_> = reasons.iter().filter(|reason| !is_expected(reason)).collect();
    assert!(odd.is_empty(), "{odd:?}");
    assert!(reasons.len() >= 3, "the pages asked: {reasons:?}");
}

#[test]
#[ignore = "needs Chromium, Node.js, and `npm ci` in tests/browser and tests/node"]
fn a_page_sees_nobody_and_harms_nobody() {
    let mut browser = Browser::start();
    let (server, address) = serve(&["--log", "jsonl", "--max-connections", "1"]);
    let records = records(server);
    let mut learner = learner(&address);
    let port = address.rsplit_once(':').unwrap().1;
    for (page, host) in [
        ("localhost", "localhost"),
        ("localhost", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("evil.test", "127.0.0.1"),
        ("evil.test", "evil.test"),
    ] {
        let page = browser.address(page, "pages");
        let nobody = browser.look(&page, &format!("{}{SESSION}", browser.address(host, "closed")));
        let paths = if host == "localhost" { &[SESSION, "/"][..] } else { &[SESSION] };
        for path in paths {
            let us = browser.look(&page, &format!("http://{host}:{port}{path}"));
            let differences = differences(&us, &nobody);
            assert!(differences.is_empty(), "{page} sees {host} at {path}: {differences:#?}");
        }
        hears_its_events(&mut learner);
    }
    let page = browser.address("localhost", "pages");
    assert_eq!(browser.ask(&["type", &page, &format!("http://{address}{SESSION}")]), json!([403, 403]));
    hears_its_events(&mut learner);
    drop(learner);
    nobody_came(&records.join().unwrap());
}

/// Otherwise the test above would prove nothing.
#[test]
#[ignore = "needs Chromium, Node.js, and `npm ci` in tests/browser and tests/node"]
fn a_page_sees_a_server_that_does_not_hide() {
    let mut browser = Browser::start();
    let page = browser.address("localhost", "pages");
    let nobody = browser.look(&page, &browser.address("127.0.0.1", "closed"));
    let naive = browser.look(&page, &browser.address("127.0.0.1", "naive"));
    let ways: Vec<_> = differences(&naive, &nobody).into_iter().map(|(way, ..)| way).collect();
    assert!(ways.contains(&"fetch without CORS") && ways.contains(&"EventSource"), "{ways:?}");
}

/// To the browser it then has the server's own origin, and sees that a server refuses. It does not see which one.
#[test]
#[ignore = "needs Chromium, Node.js, and `npm ci` in tests/browser and tests/node"]
fn a_page_whose_name_leads_here_reads_a_bare_refusal() {
    let mut browser = Browser::start();
    let (server, address) = serve(&["--log", "jsonl", "--max-connections", "1"]);
    let records = records(server);
    let mut learner = learner(&address);
    let evil = address.replace("127.0.0.1", "http://evil.test");
    let headers = r#"[["connection","close"],["content-length","0"],["cross-origin-resource-policy","same-origin"],["x-frame-options","DENY"]]"#;
    assert_eq!(browser.ask(&["rebound", &evil]), json!([format!("403 {headers} ")]));
    hears_its_events(&mut learner);
    drop(learner);
    let records = records.join().unwrap();
    assert!(records.iter().any(|record| record["reason"].as_str().is_some_and(|reason| reason.contains("evil.test"))));
    assert!(!records.iter().any(|record| record.to_string().contains("too many")), "{records:?}");
}

#[test]
#[ignore = "needs Chromium, Node.js, and `npm ci` in tests/browser and tests/node"]
fn a_page_that_is_allowed_connects_with_the_official_client() {
    let mut browser = Browser::start();
    let page = browser.address("localhost", "pages");
    let (_server, address) = serve(&["--log", "off", "--allow-origin", &page]);
    let address = format!("http://{address}");
    let connected = json!({ "transport": "websocket", "update": { "projectId": "p1", "taskId": "t1" } });
    let both = json!({ "polling": connected, "websocket": connected });
    assert_eq!(browser.ask(&["connect", &page, &address]), both);
    let other = browser.address("127.0.0.1", "pages");
    let refused = browser.ask(&["connect", &other, &address]);
    assert!(refused["polling"]["error"].is_string() && refused["websocket"]["error"].is_string(), "{refused}");
}
