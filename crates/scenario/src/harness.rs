//! The test binary of an exercise: one test a scenario, one after the other.
//!
//! ```text
//! #[path = "../src/join-project.rs"]
//! mod exercise;
//! scenario::harness!("join-project", exercise::app);
//! ```
//!
//! The environment gives the same binary other work, so that nothing is built twice:
//!
//! | variable | effect |
//! |---|---|
//! | `RTWS_REPORT=FILE` | also writes there, as JSON, a line for each result, and before each step how far it has come |
//! | `RTWS_SCENARIO=FILE` | runs this scenario alone; its own expectations decide |
//! | `RTWS_LIVE=ADDRESS` | serves the application on TCP instead of testing it |

use std::any::Any;
use std::fs::File;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};
use rooms::Io;
use serde::{Deserialize, Serialize};
use similar::TextDiff;

use crate::explain::explain;
use crate::limits;
use crate::live;
use crate::report::{Running, ScenarioReport, Verdict};
use crate::run::{Outcome, simulate_stepwise};
use crate::script::Script;
use crate::snapshot::{Comparison, Snapshots};
use crate::transcript::Transcript;

/// The version of the report's form.
pub const REPORT_SCHEMA: u32 = 1;

/// A line of what `RTWS_REPORT` asks for. All of them together are the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    pub schema: u32,
    /// Scenarios that were played to their end.
    pub scenarios: Vec<ScenarioReport>,
    /// Where the program is. A report whose last line has this was left by a program that did not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
}

/// Which exercise, in which package.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// The exercise's id.
    pub id: &'static str,
    /// The folder of the package that the test belongs to.
    pub package_folder: &'static str,
    /// The package's name; only `solutions` may change snapshots.
    pub package: &'static str,
}

/// Makes the main function of an exercise's test binary.
#[macro_export]
macro_rules! harness {
    ($id:literal, $app:path) => {
        // Whoever links it, links everything else with it.
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        use ::prelinked as _;

        fn main() -> std::process::ExitCode {
            let exercise = $crate::harness::Exercise {
                id: $id,
                package_folder: env!("CARGO_MANIFEST_DIR"),
                package: env!("CARGO_PKG_NAME"),
            };
            $crate::harness::main(exercise, $app)
        }
    };
}

/// The application under test.
pub type App = fn(&Io);

/// One scenario of an exercise, ready to be run.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    path: PathBuf,
    /// `None` when the scenario's own expectations decide.
    snapshots: Option<Snapshots>,
}

/// The main function that [`harness!`](crate::harness!) makes.
pub fn main(exercise: Exercise, app: App) -> ExitCode {
    if let Ok(address) = std::env::var("RTWS_LIVE") {
        limits::limit_live();
        return serve_live(&address, app);
    }
    limits::limit_test_run();
    let mut arguments = Arguments::from_args();
    // One server at a time: two would share what the application keeps in a `static`.
    arguments.test_threads = Some(1);
    let cases = match cases(&exercise) {
        Ok(cases) => cases,
        Err(message) => return complain(&message),
    };
    let reporter = match Reporter::from_environment() {
        Ok(reporter) => reporter,
        Err(message) => return complain(&message),
    };
    let trial = |case: Case| {
        let reporter = reporter.clone();
        Trial::test(case.name.clone(), move || {
            let report = check_whatever_happens(&case, app, &|running| reporter.is_at(running));
            let outcome = outcome_of(&report, &exercise);
            reporter.add(report)?;
            outcome
        })
    };
    let trials = cases.into_iter().map(trial).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Writes the report, if somebody asks for one: a line at a time, as writing all of it anew before each step would take
/// longer than the steps do.
#[derive(Clone, Default)]
struct Reporter(Option<Arc<Mutex<File>>>);

impl Reporter {
    fn from_environment() -> Result<Self, String> {
        let Ok(path) = std::env::var("RTWS_REPORT") else { return Ok(Self::default()) };
        let file = File::create(&path);
        let file = file.map_err(|error| format!("the report cannot be written to {path}: {error}"))?;
        Ok(Self(Some(Arc::new(Mutex::new(file)))))
    }

    /// Leaves behind where the program is, should it come no further. Whoever cannot be told that is told the rest.
    fn is_at(&self, running: Running) {
        let _ = self.write(Vec::new(), Some(running));
    }

    fn add(&self, report: ScenarioReport) -> Result<(), String> {
        self.write(vec![report], None).map_err(|error| format!("the report cannot be written: {error}"))
    }

    fn write(&self, scenarios: Vec<ScenarioReport>, running: Option<Running>) -> std::io::Result<()> {
        let Some(file) = &self.0 else { return Ok(()) };
        let mut line = serde_json::to_vec(&Report { schema: REPORT_SCHEMA, scenarios, running })?;
        line.push(b'\n');
        file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line)
    }
}

fn serve_live(address: &str, app: App) -> ExitCode {
    match live::serve(address, app) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("cannot serve on {address}: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "this is the program's own output")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(3)
}

/// The scenarios of an exercise: those of its lesson, or the one that the environment names.
fn cases(exercise: &Exercise) -> Result<Vec<Case>, String> {
    if let Ok(path) = std::env::var("RTWS_SCENARIO") {
        let path = PathBuf::from(path);
        return Ok(vec![Case { name: stem(&path), path, snapshots: None }]);
    }
    lesson_cases(Path::new(exercise.package_folder), exercise.id, exercise.package == "solutions")
}

/// The scenarios that a lesson has for an exercise. The lessons stand beside the package's folder.
pub(crate) fn lesson_cases(package_folder: &Path, id: &str, may_update: bool) -> Result<Vec<Case>, String> {
    let root = package_folder.parent().unwrap_or(Path::new("."));
    let lesson = lesson_of(&root.join("lessons"), id)
        .ok_or_else(|| format!("no lesson has scenarios for `{id}` (lessons/*/scenarios/{id}/*.toml)"))?;
    let snapshots = Snapshots { folder: lesson.join("snapshots").join(id), may_update };
    let folder = lesson.join("scenarios").join(id);
    let mut paths = files(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    if paths.is_empty() {
        return Err(format!("there is no scenario in {}, so nothing would be checked", folder.display()));
    }
    paths.sort();
    let case = |path: PathBuf| Case { name: stem(&path), path, snapshots: Some(snapshots.clone()) };
    Ok(paths.into_iter().map(case).collect())
}

fn lesson_of(lessons: &Path, id: &str) -> Option<PathBuf> {
    let mut folders = files(lessons).ok()?;
    folders.sort();
    folders.into_iter().find(|folder| folder.join("scenarios").join(id).is_dir())
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Told how far a program has come.
pub(crate) type OnStep<'a> = &'a (dyn Fn(Running) + Sync);

/// A panic that no handler raised, in `app` itself for example, is a failure like any other.
pub(crate) fn check_whatever_happens(case: &Case, app: App, on_step: OnStep<'_>) -> ScenarioReport {
    let outcome = catch_unwind(AssertUnwindSafe(|| check(case, app, on_step)));
    outcome.unwrap_or_else(|panic| {
        let explanation = format!("your `app` panicked: {}", panic_message(&*panic));
        ScenarioReport { explanation, ..unchecked(case) }
    })
}

/// What a panic said; nothing if that was no text.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

fn unchecked(case: &Case) -> ScenarioReport {
    ScenarioReport {
        name: case.name.clone(),
        title: case.name.clone(),
        verdict: Verdict::Failed,
        explanation: String::new(),
        expected: None,
        actual: None,
    }
}

fn check(case: &Case, app: App, on_step: OnStep<'_>) -> ScenarioReport {
    let mut report = unchecked(case);
    let script = match Script::load(&case.path) {
        Ok(script) => script,
        Err(error) => return ScenarioReport { explanation: error.to_string(), ..report },
    };
    report.title.clone_from(&script.title);
    let is_at = |step| on_step(Running { title: script.title.clone(), step });
    is_at(None);
    let outcome = match simulate_stepwise(&script, app, &|step| is_at(Some(step))) {
        Ok(outcome) => outcome,
        Err(error) => {
            let explanation = format!("{}: {error}", case.path.display());
            return ScenarioReport { explanation, ..report };
        }
    };
    report.actual = Some(outcome.transcript.to_string());
    match &case.snapshots {
        Some(snapshots) => compare(&mut report, &outcome, snapshots),
        None => judge_expectations(&mut report, &outcome, &script),
    }
    report
}

fn compare(report: &mut ScenarioReport, outcome: &Outcome, snapshots: &Snapshots) {
    let actual = outcome.transcript.to_string();
    match snapshots.compare(&report.name, &actual) {
        Comparison::Same if outcome.unmet.is_empty() => report.verdict = Verdict::Passed,
        Comparison::Same => report.explanation = explain(outcome, None),
        Comparison::Different { expected } => {
            report.explanation = explain(outcome, Some(&Transcript::parse(&expected)));
            report.expected = Some(expected);
        }
        Comparison::Missing { path } => {
            report.explanation = format!(
                "there is no snapshot {}; make it with INSTA_UPDATE=always cargo test -p solutions",
                path.display()
            );
        }
    }
}

fn judge_expectations(report: &mut ScenarioReport, outcome: &Outcome, script: &Script) {
    if !script.steps.iter().any(|step| step.action.is_expectation()) {
        report.explanation =
            "the scenario asserts nothing: add a step with expect, expect_none, expect_ack or expect_disconnect"
                .to_owned();
    } else if outcome.unmet.is_empty() && outcome.end.is_none() {
        report.verdict = Verdict::Passed;
    } else {
        report.explanation = explain(outcome, None);
        if let Some(unmet) = outcome.unmet.first() {
            report.explanation += &format!(" (line {} of the scenario)", unmet.line);
        }
    }
}

fn outcome_of(report: &ScenarioReport, exercise: &Exercise) -> Result<(), Failed> {
    if report.verdict == Verdict::Passed {
        return Ok(());
    }
    let mut message = told(report);
    if exercise.package == "exercises" {
        let id = exercise.id;
        message += &format!("\nEdit exercises/src/{id}.rs and run this again. For a hint: cargo run -- hint {id}\n");
    }
    Err(message.into())
}

/// A failed check for people: what it shows, why it failed, and how the transcripts differ.
pub(crate) fn told(report: &ScenarioReport) -> String {
    let mut message = format!("{}\n\n{}\n", report.title, report.explanation);
    if let (Some(expected), Some(actual)) = (&report.expected, &report.actual) {
        message.push_str("\nThe transcript (- expected, + what happened):\n\n");
        for change in TextDiff::from_lines(expected.as_str(), actual.as_str()).iter_all_changes() {
            message += &format!("{}{change}", change.tag());
        }
    }
    message
}
