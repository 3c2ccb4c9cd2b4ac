//! The expected verdict on a text, without compiling it.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::workshops::Copy;

/// A text that does not compile.
pub(crate) const BROKEN: &str = "pub fn app(io: &rooms::Io) { io.no_such_method() }\n";
/// The title that a scenario gets for a while.
pub(crate) const OTHER_TITLE: &str = "Another title, for a while";

pub(crate) const SOLUTION: &str = "solution";
pub(crate) const STARTER: &str = "starter";

/// Asserts that the report on an exercise fits the present contents of its file and of its workshop's lessons.
pub(crate) fn assert_verdict(copy: &Copy, exercise: &str, report: &Value) {
    let source = copy.source(exercise);
    let Ok(bytes) = fs::read(&source) else {
        assert_eq!((&report["verdict"], &report["sha256"]), (&"unreadable".into(), &Value::Null), "{report}");
        return;
    };
    let Ok(text) = String::from_utf8(bytes) else {
        assert_eq!(report["verdict"], "unreadable", "{report}");
        return;
    };
    assert_eq!(report["sha256"], sha256(&source), "{report}");
    if text.starts_with(BROKEN) {
        assert_eq!(report["verdict"], "compile_error", "{report}");
        return;
    }
    let is_right = text.starts_with(&copy.text(SOLUTION, exercise));
    let fails = text.lines().find_map(|line| line.strip_prefix("//! Fails: "));
    let scenarios = copy.lesson(exercise).join("scenarios").join(exercise);
    let written: Vec<_> = written(report).collect();
    for scenario in &written {
        let name = scenario["name"].as_str().unwrap();
        let file = fs::read_to_string(scenarios.join(format!("{name}.toml"))).unwrap();
        let title = format!("title = {}", scenario["title"]);
        assert!(file.starts_with(&title), "{name} has another title than {title}: {report}");
        let snapshot = copy.lesson(exercise).join("snapshots").join(exercise).join(format!("{name}.snap"));
        let is_silenced = snapshot.with_extension("kept").exists();
        match fails {
            _ if is_right => assert_eq!(scenario["verdict"] == "passed", !is_silenced, "{name}: {report}"),
            Some(fails) if fails == name => assert_ne!(scenario["verdict"], "passed", "{name}: {report}"),
            Some(_) => {}
            None => assert_eq!(scenario["verdict"], "failed", "{name} of the starter: {report}"),
        }
    }
    let files =
        fs::read_dir(scenarios).unwrap().filter(|it| it.as_ref().unwrap().path().extension().unwrap() == "toml");
    assert_eq!(written.len(), files.count(), "{report}");
    let all_passed = report["scenarios"].as_array().unwrap().iter().all(|scenario| scenario["verdict"] == "passed");
    assert_eq!(report["verdict"] == "passed", all_passed, "{report}");
}

/// The scenarios that somebody wrote. The others are played only if all of these pass.
pub(crate) fn written(report: &Value) -> impl Iterator<Item = &Value> {
    report["scenarios"].as_array().unwrap().iter().filter(|scenario| scenario["generated"] == false)
}

fn sha256(path: &std::path::Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
}
