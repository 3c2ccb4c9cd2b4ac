//! The test program of a package with answers: one test for each scenario, named `exercise::scenario`.
//!
//! It contains none of the answers. It has each of them compiled and judged separately, so that one that does not
//! compile, or is not text, affects no other.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::{env, io};

use layout::{CodeFile, GENERATED};
use libtest_mimic::{Arguments, Failed, Trial};
use similar::TextDiff;

use super::report::{ScenarioReport, Verdict};
use super::{CheckError, CheckReport, Package, Workshop, cases, check, process};

mod snapshots;

/// The main function of the test program of this package.
pub fn main(package: Package) -> ExitCode {
    if let Some(code) = process::supervise_if_asked() {
        return code;
    }
    let mut arguments = Arguments::from_args();
    // Tests run at the same time.
    let workshop = Arc::new(Workshop { scenarios_at_a_time: 1, ..Workshop::at(root()) });
    let exercises = workshop.layout.exercises();
    // The id of an exercise selects exactly its own scenarios, even if another scenario has it in its name.
    let chosen = arguments.filter.take_if(|filter| !arguments.exact && exercises.contains(filter));
    let exercises = exercises.into_iter().filter(|id| chosen.as_ref().is_none_or(|chosen| chosen == id));
    let trials = exercises.flat_map(|exercise| of_exercise(&workshop, package, &exercise)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The workshop whose package is tested. Cargo tells its path at run time, because the folder may have been moved since
/// the program was built.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).or_else(|| env::current_dir().ok());
    package.as_deref().and_then(|package| package.parent()).map(PathBuf::from).unwrap_or_default()
}

fn of_exercise(workshop: &Arc<Workshop>, package: Package, exercise: &str) -> Vec<Trial> {
    let checked = Arc::new(Checked {
        workshop: Arc::clone(workshop),
        package,
        exercise: exercise.to_owned(),
        report: OnceLock::new(),
        is_told: AtomicBool::new(false),
    });
    let trial = |name: String| {
        let checked = Arc::clone(&checked);
        Trial::test(format!("{exercise}::{name}"), move || checked.judge(&name))
    };
    let generated = workshop.layout.lesson_of(exercise).is_some_and(|lesson| lesson.generated(exercise).exists());
    let of_generated = generated.then(|| {
        let checked = Arc::clone(&checked);
        Trial::test(format!("{exercise}::{GENERATED}"), move || checked.judge_generated())
    });
    cases::names(workshop, exercise).into_iter().map(trial).chain(of_generated).collect()
}

/// An exercise that is checked when the first of its scenarios is asked for.
struct Checked {
    workshop: Arc<Workshop>,
    package: Package,
    exercise: String,
    report: OnceLock<Result<CheckReport, NoReport>>,
    /// Whether the message for all scenarios has been printed.
    is_told: AtomicBool,
}

impl Checked {
    fn report(&self) -> Result<&CheckReport, Failed> {
        let report = self.report.get_or_init(|| self.check());
        Ok(report.as_ref().map_err(|error| self.once(&error.to_string()))?)
    }

    /// All generated scenarios, which are one test.
    fn judge_generated(&self) -> Result<(), Failed> {
        let report = self.report()?;
        let mut failing = report.scenarios.iter().filter(|found| found.generated && found.verdict != Verdict::Passed);
        let message = match (failing.next(), report.generated()) {
            (None, Some(_)) => return Ok(()),
            (Some(shortest), Some(generated)) => format!("{}\n\n{}", generated.title(), told(shortest)),
            (_, None) => {
                let waiting = || "They are played when all scenarios that somebody wrote pass.".to_owned();
                self.once(&report.message.clone().unwrap_or_else(waiting))
            }
        };
        Err((message + &self.advice()).into())
    }

    fn judge(&self, scenario: &str) -> Result<(), Failed> {
        let report = self.report()?;
        let message = match report.scenarios.iter().find(|found| found.name == scenario) {
            Some(found) if found.verdict == Verdict::Passed => return Ok(()),
            Some(found) => told(found),
            None => self.once(&report.message.clone().unwrap_or_else(|| "It was not played.".to_owned())),
        };
        Err((message + &self.advice()).into())
    }

    fn check(&self) -> Result<CheckReport, NoReport> {
        let once = || report(check(&self.workshop, self.package, &self.exercise, &|_| {}));
        let report = once()?;
        if self.package == Package::Solutions && snapshots::update_is_asked_for() {
            snapshots::update(&self.workshop, &self.exercise, &report);
            return once();
        }
        Ok(report)
    }

    /// The whole message the first time, and a reference to it after that.
    fn once(&self, message: &str) -> String {
        if self.is_told.swap(true, Ordering::Relaxed) {
            format!("The same as for another scenario of {}; the message stands there.\n", self.exercise)
        } else {
            format!("{}\n", message.trim_end())
        }
    }

    fn advice(&self) -> String {
        let id = &self.exercise;
        match self.package {
            Package::Exercises => {
                let file = CodeFile::of(id).shown(self.package);
                format!("\nEdit {file} and run this again. For a hint: cargo run -- hint {id}\n")
            }
            Package::Solutions => String::new(),
        }
    }
}

/// Why a test has no report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoReport {
    /// The test program cannot wait for processes.
    #[error(transparent)]
    Runtime(io::Error),
    /// The check has no verdict.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// Waits for a check.
pub(crate) fn report(check: impl Future<Output = Result<CheckReport, CheckError>>) -> Result<CheckReport, NoReport> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(NoReport::Runtime)?.block_on(check)?)
}

/// Describes a failed scenario: what it shows, why it failed, and how the transcripts differ.
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
