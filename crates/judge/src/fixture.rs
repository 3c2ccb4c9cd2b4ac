//! A tiny workshop for the tests: no dependencies, one exercise, one scenario.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::Workshop;

/// Stands in for the exercise harness: the learner's `app` says whether the scenario passed.
const HARNESS: &str = r##"
#[path = "../src/first.rs"]
mod exercise;

fn main() {
    use std::io::{Read as _, Write as _};
    if let Ok(address) = std::env::var("RTWS_LIVE") {
        assert_eq!(address, "127.0.0.1:0");
        exercise::app();
        println!(r#"{{"at_ms":0,"event":"listening","address":"127.0.0.1:4242"}}"#);
        println!(r#"{{"at_ms":5,"event":"connect"}}"#);
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        return;
    }
    let name = std::env::var("RTWS_SCENARIO").unwrap_or("only".into());
    let path = std::env::var("RTWS_REPORT").unwrap();
    let running = r#"{"title":"The only one","step":"step 1 (connect ann)"}"#;
    std::fs::write(&path, format!(r#"{{"schema":1,"scenarios":[],"running":{running}}}"#)).unwrap();
    let passed = exercise::app();
    let verdict = if passed { "passed" } else { "failed" };
    let report = format!(
        r#"{{"schema":1,"scenarios":[{{"name":{name:?},"title":"The only one","verdict":"{verdict}",
        "explanation":"because","expected":"a\n","actual":"b\n"}}]}}"#
    );
    std::fs::File::create(path).unwrap().write_all(report.as_bytes()).unwrap();
    std::process::exit(if passed { 0 } else { 101 });
}
"##;

/// An exercise that passes.
pub(crate) const PASSES: &str = "pub fn app() -> bool { true }";

/// The workshop, and the folder that goes when the test ends.
pub(crate) struct Fixture {
    pub(crate) workshop: Workshop,
    _folder: TempDir,
}

impl Fixture {
    /// A workshop whose exercise `first` holds `code`, which defines `pub fn app() -> bool`.
    pub(crate) fn new(code: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixture = Self { workshop: Workshop::at(folder.path().canonicalize().unwrap()), _folder: folder };
        fixture.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"exercises\", \"rtws\"]\n");
        fixture.write("rtws/Cargo.toml", "[package]\nname = \"rtws\"\nedition = \"2024\"\n");
        fixture.write("rtws/src/lib.rs", "");
        fixture.write(
            "exercises/Cargo.toml",
            "[package]\nname = \"exercises\"\nedition = \"2024\"\n[[test]]\nname = \"first\"\nharness = false\n",
        );
        fixture.write("exercises/src/lib.rs", "");
        fixture.write("exercises/tests/first.rs", HARNESS);
        fixture.write("lessons/00-welcome/scenarios/first/only.toml", "");
        fixture.write("exercises/src/first.rs", code);
        fixture
    }

    /// Another exercise, with the same harness and one scenario.
    pub(crate) fn add_exercise(&self, id: &str, code: &str) {
        let manifest = fs::read_to_string(self.workshop.root.join("exercises/Cargo.toml")).unwrap();
        let target = format!("{manifest}[[test]]\nname = {id:?}\nharness = false\n");
        self.write("exercises/Cargo.toml", &target);
        self.write(&format!("exercises/tests/{id}.rs"), &HARNESS.replace("first.rs", &format!("{id}.rs")));
        self.write(&format!("lessons/00-welcome/scenarios/{id}/only.toml"), "");
        self.write(&format!("exercises/src/{id}.rs"), code);
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.workshop.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }
}
