//! Wrong and right answers to the exercises, which put the checks themselves to the test.
//!
//! A check is right when it accepts every right answer, not only the exemplary one, and catches the wrong
//! answers that people write, in words that name the mistake. Each answer is a file in the package of the
//! solutions:
//!
//! - `right/<exercise>/<name>.rs` passes all scenarios of its exercise;
//! - `wrong/<exercise>/<name>.rs` makes one mistake. Its first lines say which, the scenario that must fail,
//!   and words that the explanation must contain:
//!
//! ```text
//! //! The error goes to every client instead of its sender.
//! //!
//! //! Fails: tells-only-the-sender
//! //! Says: The server sent error-message to everyone
//! ```

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::harness::{App, Case, check_whatever_happens, lesson_cases, told};
use crate::limits;
use crate::report::{ScenarioReport, Verdict};

/// One answer to one exercise.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// What is expected of it.
    pub kind: Kind,
    /// The exercise's id.
    pub exercise: &'static str,
    /// The file's name without its ending.
    pub name: &'static str,
    /// The file.
    pub path: &'static str,
    /// What it offers.
    pub app: App,
}

/// What is expected of a [`Variant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One scenario fails and says why.
    Wrong,
    /// All scenarios pass.
    Right,
}

/// The main function of a test binary with one test a variant. `package_folder` is that of the solutions, and
/// the lessons stand beside it.
pub fn main(package_folder: &'static str, variants: &[Variant]) -> ExitCode {
    limits::limit_test_run();
    // Panics are among the mistakes, and each is told in its explanation; a test that panics itself is reported too.
    std::panic::set_hook(Box::new(|_| {}));
    let trial = |&variant: &Variant| {
        Trial::test(variant.id(), move || judge(&variant, Path::new(package_folder)).map_err(Failed::from))
    };
    libtest_mimic::run(&Arguments::from_args(), variants.iter().map(trial).collect()).exit_code()
}

impl Variant {
    fn id(&self) -> String {
        let kind = match self.kind {
            Kind::Wrong => "wrong",
            Kind::Right => "right",
        };
        format!("{kind}/{}/{}", self.exercise, self.name)
    }
}

fn judge(variant: &Variant, package_folder: &Path) -> Result<(), String> {
    let cases = lesson_cases(package_folder, variant.exercise, false)?;
    match variant.kind {
        Kind::Wrong => judge_wrong(variant, &cases),
        Kind::Right => judge_right(variant, &cases),
    }
}

fn judge_right(variant: &Variant, cases: &[Case]) -> Result<(), String> {
    let failures: Vec<_> =
        failures(variant, cases).map(|report| format!("{}: {}", report.name, told(&report))).collect();
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

fn judge_wrong(variant: &Variant, cases: &[Case]) -> Result<(), String> {
    let path = variant.path;
    let source = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let header = Header::parse(&source).map_err(|problem| format!("{path}: {problem}"))?;
    let Some(case) = cases.iter().find(|case| case.name == header.fails) else {
        let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
        return Err(format!("{path}: there is no scenario `{}`; write one of {}", header.fails, names.join(", ")));
    };
    let report = check_whatever_happens(case, variant.app, &|_| {});
    if report.verdict == Verdict::Passed {
        let others: Vec<_> = failures(variant, cases).map(|report| report.name).collect();
        let others = if others.is_empty() { "none does".to_owned() } else { others.join(", ") };
        return Err(format!(
            "`{}` passes, but should fail: {}\nScenarios that fail: {others}",
            header.fails, header.mistake
        ));
    }
    match header.says.iter().find(|words| !report.explanation.contains(*words)) {
        Some(words) => Err(format!("the explanation does not say `{words}`. It says:\n{}", report.explanation)),
        None => Ok(()),
    }
}

fn failures(variant: &Variant, cases: &[Case]) -> impl Iterator<Item = ScenarioReport> {
    let reports = cases.iter().map(|case| check_whatever_happens(case, variant.app, &|_| {}));
    reports.filter(|report| report.verdict != Verdict::Passed)
}

/// What the first lines of a wrong answer say.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    /// The mistake.
    mistake: String,
    /// The scenario that catches it.
    fails: String,
    /// What its explanation contains.
    says: Vec<String>,
}

impl Header {
    fn parse(source: &str) -> Result<Self, String> {
        let lines: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        let all = |key| lines.iter().filter_map(move |line| line.strip_prefix(key)).map(|rest| rest.trim().to_owned());
        let mistake = lines.first().filter(|line| !line.is_empty());
        let fails: Vec<_> = all("Fails:").collect();
        let says: Vec<_> = all("Says:").filter(|words| !words.is_empty()).collect();
        match (mistake, fails.as_slice()) {
            (None, _) => Err("begin the file with `//! ` and the mistake in a sentence".to_owned()),
            (_, []) => Err("add a line `//! Fails: ` with the scenario that catches the mistake".to_owned()),
            (_, [_, _, ..]) => Err("keep one line `//! Fails: `; one scenario is enough".to_owned()),
            (_, [_]) if says.is_empty() => {
                Err("add a line `//! Says: ` with words of the explanation that name the mistake".to_owned())
            }
            (Some(mistake), [fails]) => Ok(Self { mistake: (*mistake).to_owned(), fails: fails.clone(), says }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rooms::Io;
    use tempfile::TempDir;

    use super::*;

    const SCENARIO: &str = r#"
        title = "What ann says comes back"
        clients = ["ann"]
        [[steps]]
        connect = "ann"
        [[steps]]
        emit = "say"
        from = "ann"
    "#;
    const SNAPSHOT: &str =
        "---\nsource: x\n---\n1 connect ann\n2 ann emits say\n    ann <- echo null\nrooms at the end\n    none\n";

    fn echoes(io: &Io) {
        io.on_connection(|socket| socket.on("say", |socket, payload| socket.emit("echo", payload)));
    }

    fn forgets(io: &Io) {
        io.on_connection(|socket| socket.on("say", |_, _| {}));
    }

    fn panics(io: &Io) {
        io.on_connection(|socket| socket.on("say", |_, payload| assert!(payload["id"].is_string(), "no id")));
    }

    /// What the runner says of an answer that stands in a file with this text.
    fn judged(kind: Kind, text: &str, app: App) -> Result<(), String> {
        let folder = TempDir::new().unwrap();
        let lesson = folder.path().join("lessons/00-one");
        for (file, text) in [("scenarios/echo/back.toml", SCENARIO), ("snapshots/echo/back.snap", SNAPSHOT)] {
            let path = lesson.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let path = folder.path().join("answer.rs");
        fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap().to_owned().leak();
        let variant = Variant { kind, exercise: "echo", name: "answer", path, app };
        judge(&variant, &folder.path().join("solutions"))
    }

    fn header(fails: &str, says: &[&str]) -> String {
        let says = says.iter().map(|says| format!("//! Says: {says}\n"));
        format!("//! It forgets.\n//!\n//! Fails: {fails}\n{}\npub fn app() {{}}", says.collect::<String>())
    }

    #[test]
    fn a_right_answer_passes_and_a_wrong_one_does_not_pass_for_it() {
        assert_eq!(judged(Kind::Right, "", echoes), Ok(()));
        let error = judged(Kind::Right, "", forgets).unwrap_err();
        assert!(error.starts_with("back: What ann says comes back\n"), "{error}");
        assert!(error.contains("-    ann <- echo null"), "{error}");
    }

    #[test]
    fn a_wrong_answer_has_to_fail_where_and_as_it_says() {
        let text = header("back", &["ann should receive echo", "sent no echo to anyone"]);
        assert_eq!(judged(Kind::Wrong, &text, forgets), Ok(()));
        let passes = judged(Kind::Wrong, &text, echoes).unwrap_err();
        assert_eq!(passes, "`back` passes, but should fail: It forgets.\nScenarios that fail: none does");
        let text = header("back", &["ann should receive echo", "to everyone"]);
        let silent = judged(Kind::Wrong, &text, forgets).unwrap_err();
        assert!(silent.starts_with("the explanation does not say `to everyone`. It says:\nStep 2"), "{silent}");
    }

    #[test]
    fn a_panic_is_a_mistake_like_any_other() {
        let text = header("back", &["your handler for `say` panicked on what ann sent: no id"]);
        assert_eq!(judged(Kind::Wrong, &text, panics), Ok(()));
        let text = header("back", &["your `app` panicked: at once"]);
        assert_eq!(judged(Kind::Wrong, &text, |_| panic!("at once")), Ok(()));
    }

    #[test]
    fn a_header_that_does_not_serve_says_how_to_mend_it() {
        for (text, words) in [
            ("pub fn app() {}", "begin the file"),
            ("//!\n//! Fails: back\n", "begin the file"),
            ("//! It forgets.\n//! Says: x\n", "add a line `//! Fails: `"),
            ("//! It forgets.\n//! Fails: back\n", "add a line `//! Says: `"),
            ("//! It forgets.\n//! Fails: back\n//! Says:\n", "add a line `//! Says: `"),
            ("//! It forgets.\n//! Fails: back\n//! Fails: forth\n", "keep one line `//! Fails: `"),
            ("//! It forgets.\n//! Fails: forth\n//! Says: x\n", "no scenario `forth`; write one of back"),
        ] {
            let error = judged(Kind::Wrong, text, forgets).unwrap_err();
            assert!(error.contains("answer.rs: ") && error.contains(words), "{text}: {error}");
        }
    }
}
