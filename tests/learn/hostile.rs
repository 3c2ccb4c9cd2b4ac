//! Code that misbehaves, checked by the built program with the real libraries. Tests of `crates/judge` in a small
//! workshop are not repeated here.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::processes::{Process, descendants};
use crate::workshop::Workshop;

/// The report on `greet` with an `app` of this body.
fn check(body: &str) -> Value {
    let workshop = Workshop::fresh();
    check_in(&workshop, body)
}

fn check_in(workshop: &Workshop, body: &str) -> Value {
    workshop.save("greet", &format!("pub fn app(io: &rooms::Io) {{ let _ = io; {body} }}\n"));
    let output = workshop.run(&["check", "greet", "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    document["exercises"][0].clone()
}

fn assert_verdict(report: &Value, verdict: &str, words: &str) {
    let message = report["message"].as_str().unwrap_or_default();
    assert_eq!(report["verdict"], verdict, "{message}");
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_lock_that_is_never_released_times_out() {
    let handler = "let lock = std::sync::Mutex::new(()); let _one = lock.lock(); let _two = lock.lock();";
    let report = check(&format!("io.on_connection(|socket| socket.on(\"greet\", |_, _| {{ {handler} }}));"));
    assert_verdict(&report, "timed_out", "a lock that is never released");
    let place =
        r#"step 2 (ada emits greet {"name":"Ada"}) of the scenario "A client that says its name is greeted by it""#;
    assert_verdict(&report, "timed_out", place);
}

#[test]
fn a_hundred_gigabytes_are_out_of_memory() {
    let report = check("let all: Vec<Vec<u8>> = (0..100).map(|_| vec![1; 1 << 30]).collect(); drop(all);");
    assert_verdict(&report, "out_of_memory", "a collection that only grows");
}

#[test]
fn ten_thousand_threads_do_not_fit() {
    let report = check("for _ in 0..10_000 { std::thread::spawn(|| loop { std::thread::park() }); }");
    assert_ne!(report["verdict"], "passed");
    let told = report["scenarios"].to_string() + report["message"].as_str().unwrap_or_default();
    assert!(told.contains("failed to spawn thread"), "{report}");
}

#[test]
fn a_panic_while_another_unwinds_is_a_crash() {
    let report = check(
        "struct Worse; impl Drop for Worse { fn drop(&mut self) { panic!(\"second\") } } let _worse = Worse; panic!(\"first\");",
    );
    assert_verdict(&report, "crashed", "SIGABRT");
}

#[test]
fn leaving_with_success_does_not_pass() {
    assert_verdict(&check("std::process::exit(0);"), "exited_early", "code 0 before the scenario was done");
}

#[test]
fn a_constant_without_end_is_stopped_by_the_compiler_or_by_us() {
    let report = check(
        "const fn on(n: u64) -> u64 { if n == u64::MAX { n } else { on(n + 1) } } const N: u64 = on(0); assert!(N > 0);",
    );
    assert_eq!(report["verdict"], "compile_error", "{report}");
}

#[test]
fn a_program_that_starts_others_again_and_again_is_stopped() {
    let report = check(
        "loop { std::process::Command::new(\"sleep\").arg(\"600\").spawn().unwrap(); std::thread::sleep(std::time::Duration::from_millis(5)); }",
    );
    assert_verdict(&report, "crashed", "more than 32 processes");
}

/// A process that a check left behind writes its id into a file, so that the test can look for it.
#[cfg(target_os = "linux")]
#[test]
fn a_child_in_its_own_session_does_not_outlive_the_check() {
    let workshop = Workshop::fresh();
    let file = workshop.home().join("child");
    let script = format!("echo $$ > {}.new; mv {0}.new {0}; sleep 600", file.display());
    let body = format!(
        "std::process::Command::new(\"setsid\").args([\"-f\", \"sh\", \"-c\", {script:?}]).status().unwrap(); \
         while !std::path::Path::new({file:?}).exists() {{ std::thread::yield_now() }}"
    );
    let report = check_in(&workshop, &body);
    assert_eq!(report["verdict"], "failed", "{report}");
    let child: u32 = fs::read_to_string(file).unwrap().trim().parse().unwrap();
    assert!(!fs::exists(format!("/proc/{child}")).unwrap(), "the child still runs");
}

/// Sends a signal to each process above it, up to the program that checks, and to their groups; the nearest last.
#[cfg(target_os = "linux")]
const SIGNALS_ITS_ANCESTORS: &str = r#"
    let mut above = Vec::new();
    let mut id = std::process::id();
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        id = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(1).unwrap().parse().unwrap();
        if std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap().starts_with("rtws") { break }
        above.push(id);
    }
    for id in above.into_iter().rev() {
        for target in [id.to_string(), format!("-{id}")] {
            std::process::Command::new("kill").args(["-s", SIGNAL, "--", &target]).status().unwrap();
        }
    }
    loop { std::thread::park() }"#;

/// The learner's code has no way to make a check take longer than its limit.
#[cfg(target_os = "linux")]
#[test]
fn a_check_ends_no_matter_how_the_code_treats_the_processes_above_it() {
    for signal in ["STOP", "KILL"] {
        let report = check(&SIGNALS_ITS_ANCESTORS.replace("SIGNAL", &format!("{signal:?}")));
        let verdict = report["verdict"].as_str().unwrap_or_default();
        assert!(["timed_out", "crashed", ""].contains(&verdict), "{signal}: {report}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn killing_the_program_in_the_middle_of_a_check_leaves_no_process() {
    let session = "std::process::Command::new(\"setsid\").args([\"-f\", \"sleep\", \"600\"]).status().unwrap();";
    // Only one of the scenarios does it, so that it is done before the program is killed.
    let folder = tempfile::tempdir().unwrap();
    let first = format!("std::fs::File::create_new({:?}).is_ok()", folder.path().join("first"));
    let stop = SIGNALS_ITS_ANCESTORS.replace("SIGNAL", "\"STOP\"");
    let stop = format!("if {first} {{ {stop} }} loop {{ std::thread::park() }}");
    leaves_no_process(&format!("{session} loop {{ std::thread::park() }}"), false);
    leaves_no_process(&format!("{session} {stop}"), true);
}

#[cfg(target_os = "linux")]
fn leaves_no_process(body: &str, stops_others: bool) {
    let workshop = Workshop::fresh();
    workshop.save("greet", &format!("pub fn app(io: &rooms::Io) {{ let _ = io; {body} }}\n"));
    let mut program = workshop.command(&["check", "greet"]).stdout(Stdio::piped()).spawn().unwrap();
    let children = loop {
        assert!(program.try_wait().unwrap().is_none(), "the check ended before it ran");
        let found = descendants(program.id());
        let children: Vec<_> = found.iter().copied().map(Process::open).collect();
        // The nearest of its ancestors is the last to be stopped.
        let mut answers = found.iter().zip(&children).filter(|(_, child)| child.name == "answer");
        let is_done = !stops_others || answers.any(|(id, _)| is_stopped(*id));
        if is_done && children.iter().any(|child| child.name == "sleep") {
            break children;
        }
        std::thread::yield_now();
    };
    let names: Vec<_> = children.iter().map(|child| &child.name).collect();
    kill_process(Pid::from_child(&program), Signal::KILL).unwrap();
    program.wait().unwrap();
    for child in &children {
        assert!(child.ends(), "{} still runs, of {names:?}", child.name);
    }
    // No process holds the pipe any more.
    let mut rest = BufReader::new(program.stdout.take().unwrap());
    while rest.read_line(&mut String::new()).unwrap() > 0 {}
}

#[cfg(target_os = "linux")]
fn is_stopped(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, fields)| fields.trim_start().starts_with('T'))
}
