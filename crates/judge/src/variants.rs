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

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use scenario::report::Verdict;

use super::{
    CheckError, CheckReport, Package, Subject, Workshop, check_named, check_subject, folder, process,
    trials::{report, root, told},
};

/// What is expected of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One scenario fails and says why.
    Wrong,
    /// All scenarios pass.
    Right,
}

impl Kind {
    /// The folder of such answers.
    fn folder(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Right => "right",
        }
    }
}

/// The main function of a test program with one test an answer, named `kind/exercise/name`.
pub fn main() -> ExitCode {
    if let Some(code) = process::supervise_if_asked() {
        return code;
    }
    // Tests run at the same time.
    let workshop = Arc::new(Workshop { scenarios_at_a_time: 1, ..Workshop::at(root()) });
    let trials = [Kind::Wrong, Kind::Right].into_iter().flat_map(|kind| of_kind(&workshop, kind)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn of_kind(workshop: &Arc<Workshop>, kind: Kind) -> Vec<Trial> {
    let folder = Path::new(Package::Solutions.name()).join(kind.folder());
    let exercises = folder::entries(&workshop.root.join(&folder)).unwrap_or_default();
    let exercises = exercises.iter().filter(|path| path.is_dir()).map(|path| folder::stem(path));
    let trials = exercises.flat_map(|exercise| {
        let files = folder::files(&workshop.root.join(&folder).join(&exercise), "rs");
        let below = folder.join(&exercise);
        files.into_iter().map(move |file| {
            let (exercise, file) = (exercise.clone(), below.join(file.file_name().unwrap_or_default()));
            let name = format!("{}/{exercise}/{}", kind.folder(), folder::stem(&file));
            let workshop = Arc::clone(workshop);
            Trial::test(name, move || judge(&workshop, kind, &file, &exercise).map_err(Failed::from))
        })
    });
    trials.collect()
}

fn judge(workshop: &Workshop, kind: Kind, file: &Path, exercise: &str) -> Result<(), String> {
    let subject = Subject { file, exercise };
    match kind {
        Kind::Right => judge_right(&on_runtime(check_subject(workshop, subject, &|_| {}))?),
        Kind::Wrong => {
            let in_file = |problem| format!("{}: {problem}", file.display());
            let text = fs::read_to_string(workshop.root.join(file)).map_err(|error| in_file(error.to_string()))?;
            let header = Header::parse(&text).map_err(in_file)?;
            let report = on_runtime(check_named(workshop, subject, &header.fails, &|_| {}))?;
            judge_wrong(&report, &header, || on_runtime(check_subject(workshop, subject, &|_| {}))).map_err(in_file)
        }
    }
}

fn judge_right(report: &CheckReport) -> Result<(), String> {
    if report.verdict == Verdict::Passed {
        return Ok(());
    }
    let failing = report.scenarios.iter().filter(|scenario| scenario.verdict != Verdict::Passed);
    let told: Vec<_> = failing.map(|scenario| format!("{}: {}", scenario.name, told(scenario))).collect();
    Err(format!("{}\n{}\n{}", report.verdict, report.message.as_deref().unwrap_or_default(), told.join("\n")))
}

/// `all` checks against all scenarios, where the one that was named did not fail.
fn judge_wrong(
    report: &CheckReport,
    header: &Header,
    all: impl FnOnce() -> Result<CheckReport, String>,
) -> Result<(), String> {
    let Some(scenario) = report.scenarios.first() else {
        return Err(report.message.clone().unwrap_or_else(|| report.verdict.to_string()));
    };
    if scenario.verdict == Verdict::Passed {
        let report = all()?;
        let failing = report.scenarios.iter().filter(|scenario| scenario.verdict != Verdict::Passed);
        let others: Vec<_> = failing.map(|scenario| scenario.name.as_str()).collect();
        let others = if others.is_empty() { "none does".to_owned() } else { others.join(", ") };
        return Err(format!(
            "`{}` passes, but should fail: {}\nScenarios that fail: {others}",
            header.fails, header.mistake
        ));
    }
    match header.says.iter().find(|words| !scenario.explanation.contains(*words)) {
        Some(words) => Err(format!("the explanation does not say `{words}`. It says:\n{}", scenario.explanation)),
        None => Ok(()),
    }
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

fn on_runtime(check: impl Future<Output = Result<CheckReport, CheckError>>) -> Result<CheckReport, String> {
    report(check).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use scenario::report::ScenarioReport;

    use super::*;

    fn report(code: &str, verdict: Verdict, explanation: &str) -> CheckReport {
        let scenario = ScenarioReport {
            name: "back".into(),
            title: "What ann says comes back".into(),
            verdict,
            explanation: explanation.into(),
            expected: Some("    ann <- echo null\n".into()),
            actual: Some(String::new()),
            printed: None,
        };
        CheckReport {
            id: "echo".into(),
            verdict,
            seconds: 0.0,
            sha256: None,
            scenarios: vec![scenario],
            message: None,
            location: None,
            warnings: None,
            code: code.into(),
        }
    }

    fn wrong(code: &str, verdict: Verdict, explanation: &str) -> Result<(), String> {
        let report = report(code, verdict, explanation);
        judge_wrong(&report, &Header::parse(code)?, || Ok(report.clone()))
    }

    fn header(fails: &str, says: &[&str]) -> String {
        let says = says.iter().map(|says| format!("//! Says: {says}\n"));
        format!("//! It forgets.\n//!\n//! Fails: {fails}\n{}\npub fn app() {{}}", says.collect::<String>())
    }

    #[test]
    fn a_right_answer_passes_and_a_wrong_one_does_not_pass_for_it() {
        assert_eq!(judge_right(&report("", Verdict::Passed, "")), Ok(()));
        let error = judge_right(&report("", Verdict::Failed, "because")).unwrap_err();
        assert!(error.contains("back: What ann says comes back\n\nbecause\n"), "{error}");
        assert!(error.contains("-    ann <- echo null"), "{error}");
    }

    #[test]
    fn a_wrong_answer_has_to_fail_where_and_as_it_says() {
        let text = header("back", &["ann should receive echo", "sent no echo to anyone"]);
        let explanation = "Step 2: ann should receive echo. The server sent no echo to anyone.";
        assert_eq!(wrong(&text, Verdict::Failed, explanation), Ok(()));
        let passes = wrong(&text, Verdict::Passed, "").unwrap_err();
        assert_eq!(passes, "`back` passes, but should fail: It forgets.\nScenarios that fail: none does");
        let silent = wrong(&text, Verdict::Failed, "Step 2: ann should receive echo.").unwrap_err();
        assert!(
            silent.starts_with("the explanation does not say `sent no echo to anyone`. It says:\nStep 2"),
            "{silent}"
        );
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
        ] {
            let error = wrong(text, Verdict::Failed, "").unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
