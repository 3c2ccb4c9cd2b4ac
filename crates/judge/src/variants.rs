//! Wrong and right answers to the exercises, which put the checks themselves to the test.
//!
//! A check is right when it accepts every right answer, not only the exemplary one, and catches the wrong
//! answers that people write, in words that name the mistake. They stand in the package of the solutions:
//!
//! - `right/<exercise>/<name>.rs` passes all scenarios of its exercise;
//! - `wrong/<exercise>/*.toml` has [mistakes], each of which makes a right answer wrong;
//! - `wrong/<exercise>/<name>.rs` is a wrong answer that resembles no right one. Its first lines say what is wrong, the
//!   scenario that must fail, and words that the explanation must contain:
//!
//! ```text
//! //! The error goes to every client instead of its sender.
//! //!
//! //! Fails: tells-only-the-sender
//! //! Says: The server sent error-message to everyone
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use layout::{Answers, Layout, folder, shown};
use libtest_mimic::{Arguments, Trial};

use super::report::{ScenarioReport, Verdict};
use super::{
    CheckReport, Scenarios, Subject, Workshop, check_subject, check_text,
    mistakes::{self, Answer, Mistake, Wrong},
    process,
    trials::{self, root, told},
};
use header::in_header;
use unexpected::Unexpected;

mod header;
mod unexpected;

/// The main function of a test program with one test an answer, named `wrong/exercise/name` or `right/exercise/name`, and
/// one that asks rustfmt.
/// `made` is where the package's build script has made a file of each mistake, `wrong/exercise/name.rs`.
pub fn main(made: &Path) -> ExitCode {
    if let Some(code) = process::supervise_if_asked() {
        return code;
    }
    // Tests run at the same time.
    let workshop = Arc::new(Workshop { scenarios_at_a_time: 1, ..Workshop::at(root()) });
    let (wrong, right, made) = (workshop.layout.wrong(), workshop.layout.right(), Answers::wrong(made));
    let mut trials: Vec<_> =
        exercises(&wrong).iter().flat_map(|exercise| mistakes_in(&workshop, exercise, &made)).collect();
    trials.extend(exercises(&wrong).iter().flat_map(|exercise| files_in(&workshop, &wrong, exercise, judge_file)));
    trials.extend(exercises(&right).iter().flat_map(|exercise| files_in(&workshop, &right, exercise, judge_right)));
    trials.push(formatted(&workshop.layout, made));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The exercises that have such answers.
fn exercises(answers: &Answers) -> Vec<String> {
    answers.exercises().unwrap_or_default()
}

type Judge = fn(&Workshop, Subject<'_>) -> Result<(), Unexpected>;

/// A test for each of these answers to an exercise that is a file.
fn files_in(workshop: &Arc<Workshop>, answers: &Answers, exercise: &str, judge: Judge) -> Vec<Trial> {
    let trial = |path: PathBuf| {
        let (workshop, exercise) = (Arc::clone(workshop), exercise.to_owned());
        let file = workshop.layout.from_root(&path).to_owned();
        Trial::test(name(answers, &exercise, &folder::stem(&path)), move || {
            Ok(judge(&workshop, Subject { file: &file, exercise: &exercise })?)
        })
    };
    answers.files(exercise).into_iter().map(trial).collect()
}

/// A test for each mistake, also for one that cannot be made.
fn mistakes_in(workshop: &Arc<Workshop>, exercise: &str, made: &Answers) -> Vec<Trial> {
    let trial = |wrong: Wrong| {
        let (workshop, exercise) = (Arc::clone(workshop), exercise.to_owned());
        let file = workshop.layout.wrong().file(&exercise, &wrong.name);
        let (file, made) = (workshop.layout.from_root(&file).to_owned(), made.file(&exercise, &wrong.name));
        Trial::test(name(&workshop.layout.wrong(), &exercise, &wrong.name), move || {
            let answer = wrong.answer.as_ref().map_err(|unfit| format!("{}: {unfit}", wrong.place))?;
            let verdict = judge_wrong(&workshop, Subject { file: &file, exercise: &exercise }, answer);
            let told = verdict.map_err(|unexpected| {
                // The explanation names a file that only the compiler saw.
                let told = unexpected.to_string().replace(&*file.to_string_lossy(), &made.to_string_lossy());
                format!("{}, made into {}: {told}", wrong.place, made.display())
            });
            Ok(told?)
        })
    };
    mistakes::of(&workshop.layout, exercise).into_iter().map(trial).collect()
}

/// A test that looks at the files that mistakes are made into: their code is to be formatted as all other is.
fn formatted(workshop: &Layout, made: Answers) -> Trial {
    let (settings, mistakes) =
        (workshop.root().join("rustfmt.toml"), shown(workshop.from_root(workshop.wrong().folder())));
    Trial::test("what a mistake is made into is formatted", move || {
        let files = exercises(&made).into_iter().flat_map(|exercise| made.files(&exercise));
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--check", "--edition", "2024", "--config-path"]).arg(&settings).args(files);
        let output = rustfmt.output().map_err(|error| format!("rustfmt: {error}"))?;
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(()) } else { Err(format!("in {mistakes}:\n{said}").into()) }
    })
}

fn name(answers: &Answers, exercise: &str, answer: &str) -> String {
    format!("{}/{exercise}/{answer}", answers.name())
}

fn judge_file(workshop: &Workshop, subject: Subject<'_>) -> Result<(), Unexpected> {
    let in_file = |error| Unexpected::InFile { file: subject.file.to_owned(), error: Box::new(error) };
    let path = workshop.layout.root().join(subject.file);
    let code = fs::read_to_string(path).map_err(|error| in_file(error.into()))?;
    let mistake = in_header(&code).map_err(|error| in_file(error.into()))?;
    judge_wrong(workshop, subject, &Answer { mistake, code }).map_err(in_file)
}

fn judge_right(workshop: &Workshop, subject: Subject<'_>) -> Result<(), Unexpected> {
    passes(&trials::report(check_subject(workshop, subject, &|_| {}))?)
}

fn judge_wrong(workshop: &Workshop, subject: Subject<'_>, answer: &Answer) -> Result<(), Unexpected> {
    let Answer { mistake, code } = answer;
    let check = check_text(workshop, subject, code, Scenarios::Written, &|_| {});
    fails_as_told(&trials::report(check)?, mistake)
}

/// The mistake that the first lines of a wrong answer's file tell of, or why they do not, in words.
///
/// # Errors
///
/// When they do not say what is wrong, and how it is caught.
pub fn mistake_in(code: &str) -> Result<Mistake, impl std::error::Error + use<>> {
    in_header(code)
}

/// What is wrong with a right answer, in words: it should pass.
pub fn problem_of_right(report: &CheckReport) -> Option<String> {
    passes(report).err().map(|unexpected| unexpected.to_string())
}

/// What is wrong with a wrong answer, in words: the scenario should catch it that its mistake names, in the words that it
/// names.
pub fn problem_of_wrong(report: &CheckReport, mistake: &Mistake) -> Option<String> {
    fails_as_told(report, mistake).err().map(|unexpected| unexpected.to_string())
}

fn passes(report: &CheckReport) -> Result<(), Unexpected> {
    if report.verdict == Verdict::Passed {
        return Ok(());
    }
    Err(Unexpected::Fails {
        verdict: report.verdict,
        message: report.message.clone().unwrap_or_default(),
        scenarios: failing(report).map(|scenario| format!("{}: {}", scenario.name, told(scenario))).collect(),
    })
}

fn failing(report: &CheckReport) -> impl Iterator<Item = &ScenarioReport> {
    report.scenarios.iter().filter(|scenario| scenario.verdict != Verdict::Passed)
}

fn fails_as_told(report: &CheckReport, mistake: &Mistake) -> Result<(), Unexpected> {
    let Some(scenario) = report.scenarios.iter().find(|scenario| scenario.name == mistake.fails) else {
        return Err(Unexpected::NotPlayed(why_not_played(report, &mistake.fails)));
    };
    if scenario.verdict == Verdict::Passed {
        let failing = failing(report).map(|scenario| scenario.name.clone()).collect();
        return Err(Unexpected::Passes { fails: mistake.fails.clone(), says: mistake.says.clone(), failing });
    }
    if let Some(words) = mistake.words.iter().find(|words| !scenario.explanation.contains(*words)) {
        return Err(Unexpected::OtherWords { words: words.clone(), explanation: scenario.explanation.clone() });
    }
    failing(report).next().map_or(Ok(()), |first| is_for_readers(first, mistake))
}

fn why_not_played(report: &CheckReport, scenario: &str) -> String {
    let played: Vec<_> = report.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let without = || format!("there is no scenario `{scenario}`; write one of {}", played.join(", "));
    report.message.clone().unwrap_or_else(without)
}

/// Whether the explanation says what a reader of the page looks for, in upper or lower case.
fn is_for_readers(first: &ScenarioReport, mistake: &Mistake) -> Result<(), Unexpected> {
    let explanation = first.explanation.to_lowercase();
    let is_said = |words: &&Vec<String>| words.iter().any(|word| explanation.contains(&word.to_lowercase()));
    match mistake.reader.iter().find(|words| !is_said(words)) {
        None => Ok(()),
        Some(words) => Err(Unexpected::NotForReaders {
            words: words.clone(),
            scenario: first.name.clone(),
            explanation: first.explanation.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(code: &str, verdict: Verdict, explanation: &str) -> CheckReport {
        let scenario = ScenarioReport {
            name: "back".into(),
            title: "What ann says comes back".into(),
            generated: false,
            verdict,
            explanation: explanation.into(),
            expected: Some("    ann <- echo null\n".into()),
            actual: Some(String::new()),
            printed: None,
            location: None,
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
            likely_cause: None,
            code: code.into(),
        }
    }

    fn wrong(code: &str, verdict: Verdict, explanation: &str) -> Result<(), Unexpected> {
        fails_as_told(&report(code, verdict, explanation), &in_header(code)?)
    }

    fn header(fails: &str, says: &[&str]) -> String {
        let says = says.iter().map(|says| format!("//! Says: {says}\n"));
        format!("//! It forgets.\n//!\n//! Fails: {fails}\n{}\npub fn app() {{}}", says.collect::<String>())
    }

    #[test]
    fn a_right_answer_passes_and_a_wrong_one_does_not_pass_for_it() {
        passes(&report("", Verdict::Passed, "")).unwrap();
        let error = passes(&report("", Verdict::Failed, "because")).unwrap_err().to_string();
        assert!(error.contains("back: What ann says comes back\n\nbecause\n"), "{error}");
        assert!(error.contains("-    ann <- echo null"), "{error}");
    }

    #[test]
    fn a_wrong_answer_has_to_fail_where_and_as_it_says() {
        let text = header("back", &["ann should receive echo", "sent no echo to anyone"]);
        let explanation = "Step 2: ann should receive echo. The server sent no echo to anyone.";
        wrong(&text, Verdict::Failed, explanation).unwrap();
        let passes = wrong(&text, Verdict::Passed, "").unwrap_err().to_string();
        assert_eq!(passes, "`back` passes, but should fail: It forgets.\nScenarios that fail: none does");
        let silent = wrong(&text, Verdict::Failed, "Step 2: ann should receive echo.").unwrap_err().to_string();
        assert!(
            silent.starts_with("the explanation does not say `sent no echo to anyone`. It says:\nStep 2"),
            "{silent}"
        );
    }

    #[test]
    fn a_wrong_answer_without_its_scenario_says_so() {
        let mistake = in_header(&header("forth", &["no echo"])).unwrap();
        let error = fails_as_told(&report("", Verdict::Failed, "because"), &mistake).unwrap_err();
        assert_eq!(error.to_string(), "there is no scenario `forth`; write one of back");
    }

    #[test]
    fn the_first_scenario_that_fails_says_what_a_reader_looks_for() {
        let text = header("back", &["no echo"])
            .replace("//! Says: no", "//! Reader: Echo\n//! Reader: once | never\n//! Says: no");
        wrong(&text, Verdict::Failed, "The server never sent it, so there is no echo.").unwrap();
        let error = wrong(&text, Verdict::Failed, "There is no echo.").unwrap_err().to_string();
        assert_eq!(
            error,
            "a reader looks for `once` or `never`, and `back`, the first that fails, says:\nThere is no echo."
        );
    }
}
