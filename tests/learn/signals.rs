//! Signals that end a check without a screen: in each phase it leaves one whole document, and no process.

use std::io::Read as _;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::processes::{Process, descendants};
use crate::workshop::Workshop;

/// An answer for whose constant the compiler needs for ever.
const ENDLESS_CONSTANT: &str = "const N: u64 = { let mut n = 0; while n < u64::MAX { n += 1; } n };
pub fn app(_: &rooms::Io) { assert!(N > 0); }
";
/// The supervisor between `rtws` and its children, by its name in the system: after the link by which it was started.
const SUPERVISOR: &str = "exe";
const ENDLESS_LOOP: &str = "pub fn app(_: &rooms::Io) { loop {} }\n";

/// Ends `rtws check` with each signal as soon as it has started a program of this name.
fn end_when(started: &str, answer: &str, target: Option<&TempDir>) {
    let workshop = Workshop::fresh();
    workshop.save("greet", answer);
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut command = workshop.command(&["check", "greet", "--json"]);
        if let Some(target) = target {
            command.env("CARGO_TARGET_DIR", target.path());
        }
        let mut program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let children = loop {
            assert!(program.try_wait().unwrap().is_none(), "the check ended before it started {started}");
            let children: Vec<_> = descendants(program.id()).into_iter().map(Process::open).collect();
            let runs = |name: &str| children.iter().any(|child| child.name == name);
            // The compiler is also started to tell its version, without a supervisor in between.
            if runs(started) && runs(SUPERVISOR) {
                break children;
            }
            std::thread::yield_now();
        };
        kill_process(Pid::from_child(&program), signal).unwrap();
        let (mut document, mut said) = (String::new(), String::new());
        program.stdout.take().unwrap().read_to_string(&mut document).unwrap();
        program.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(program.wait().unwrap().code(), Some(3), "{said}");
        let document: Value = serde_json::from_str(&document).unwrap_or_else(|_| panic!("{document:?}"));
        assert_eq!((&document["schema"], &document["error"]), (&1.into(), &"error: interrupted".into()));
        for child in &children {
            assert!(child.ends(), "{} still runs", child.name);
        }
    }
}

#[test]
fn while_the_libraries_are_built() {
    end_when("rustc", ENDLESS_LOOP, Some(&tempfile::tempdir().unwrap()));
}

#[test]
fn while_the_answer_is_compiled() {
    end_when("rustc", ENDLESS_CONSTANT, None);
}

#[test]
fn while_the_scenarios_are_played() {
    end_when("answer", ENDLESS_LOOP, None);
}

#[test]
fn a_check_that_cannot_be_made_is_a_whole_document_as_well() {
    let workshop = Workshop::fresh();
    for (arguments, code) in [(&["check", "gret", "--json"][..], 2), (&["check", "--json", "--root", "/nowhere"], 2)] {
        let output = workshop.run(arguments);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        assert_eq!((output.status.code(), &document["schema"]), (Some(code), &1.into()));
        let error = document["error"].as_str().unwrap();
        assert!(error.starts_with("error: ") && document["exercises"].as_array().unwrap().is_empty(), "{document}");
    }
}
