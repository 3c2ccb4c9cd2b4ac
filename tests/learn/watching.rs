//! `rtws check --watch`: verdicts at every save without a screen.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::workshop::Workshop;

#[test]
fn each_save_has_its_verdict_and_the_last_one_is_the_exit_code() {
    let workshop = Workshop::fresh();
    let arguments = ["check", "greet", "--watch", "--json"];
    let mut program = workshop.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut told = BufReader::new(program.stderr.take().unwrap()).lines();
    let mut verdict = || {
        let document: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        // From then on saves are noticed.
        assert_eq!(told.next().unwrap().unwrap(), "Watching greet; Ctrl-C ends it.");
        document["exercises"][0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(), "failed");
    workshop.save("greet", "pub fn app(");
    assert_eq!(verdict(), "compile_error");
    workshop.save("greet", &workshop.solution("greet"));
    assert_eq!(verdict(), "passed");
    kill_process(Pid::from_child(&program), Signal::INT).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(0));
}
