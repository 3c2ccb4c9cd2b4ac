//! Runs an exercise's test binary alone, within limits.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use scenario::report::{ScenarioReport, Verdict};
use tokio::time::timeout;

use super::{
    OnProgress, Progress, Workshop,
    compile::TestBinary,
    outcome::{Ended, Report, is_not_loaded, judge},
    output::Kept,
    process::{Group, Input, Program, while_reading},
};

/// Far more than any scenario's transcript.
const MAX_REPORT: u64 = 16 * 1024 * 1024;
/// No exercise needs a second one.
const MOST_PROCESSES: usize = 32;

/// Which scenarios to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenarios<'a> {
    /// All that the lessons have for the exercise.
    All,
    /// This one alone, wherever its file lies.
    Only(&'a Path),
}

/// What a run of the test binary came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The verdict over all scenarios.
    pub verdict: Verdict,
    /// Each scenario that was reported: all of them, or those before the one in which the program ended.
    pub scenarios: Vec<ScenarioReport>,
    /// What happened, when the scenarios do not say it themselves.
    pub message: Option<String>,
    /// What the program printed, kept within bounds: standard output first, then standard error.
    pub output: String,
    /// Whether it ran at all. If not, the library that it links has been replaced since the build.
    pub is_loaded: bool,
}

/// Runs the test binary. Dropping the future kills it, and everything that it started.
pub async fn run(
    workshop: &Workshop,
    binary: &TestBinary,
    exercise: &str,
    scenarios: Scenarios<'_>,
    on_progress: OnProgress<'_>,
) -> io::Result<Run> {
    let folder = tempfile::tempdir()?;
    let report_path = folder.path().join("report.json");
    let mut group = Group::spawn(&program(workshop, binary, &report_path, scenarios))?;
    on_progress(Progress::Running);
    let (stdout, stderr) = (group.take_stdout()?, group.take_stderr()?);
    let (mut kept_stdout, mut kept_stderr) = (Kept::default(), Kept::default());
    let reading = async {
        tokio::join!(kept_stdout.drain(stdout), kept_stderr.drain(stderr));
    };
    let ended = while_reading(wait_or_stop(&mut group, workshop), reading).await?;

    let report = read_report(&report_path);
    let expected = match scenarios {
        Scenarios::All => workshop.scenarios(exercise).len(),
        Scenarios::Only(_) => 1,
    };
    let standard_error = kept_stderr.text();
    let is_loaded = !matches!(ended, Ended::Exited(code) if is_not_loaded(code, &standard_error));
    let (verdict, message) = judge(&ended, report.as_ref(), expected, &standard_error);
    Ok(Run {
        verdict,
        scenarios: report.unwrap_or_default().scenarios,
        message,
        output: kept_stdout.text() + &standard_error,
        is_loaded,
    })
}

/// The part of the program that a test run and a live run share.
pub(super) fn base_program(workshop: &Workshop, binary: &TestBinary) -> Program {
    let set = |name, value: &OsStr| (name, Some(value.to_owned()));
    Program {
        name: binary.executable.clone().into(),
        arguments: Vec::new(),
        folder: binary.folder.clone(),
        environment: vec![
            set("CARGO_MANIFEST_DIR", binary.folder.as_os_str()),
            // Otherwise insta asks cargo for it, which costs more than the whole run.
            set("INSTA_WORKSPACE_ROOT", workshop.root.as_os_str()),
            set("INSTA_UPDATE", "no".as_ref()),
            ("RTWS_REPORT", None),
            ("RTWS_SCENARIO", None),
            ("RTWS_LIVE", None),
            ("RUST_BACKTRACE", None),
        ],
        stdin: Input::Nothing,
        most_processes: Some(MOST_PROCESSES),
    }
}

fn program(workshop: &Workshop, binary: &TestBinary, report: &Path, scenarios: Scenarios<'_>) -> Program {
    let mut program = base_program(workshop, binary);
    program.environment.push(("RTWS_REPORT", Some(report.into())));
    if let Scenarios::Only(file) = scenarios {
        program.environment.push(("RTWS_SCENARIO", Some(file.into())));
    }
    program
}

async fn wait_or_stop(group: &mut Group, workshop: &Workshop) -> io::Result<Ended> {
    let limits = workshop.limits;
    if let Ok(ended) = timeout(limits.run, group.wait()).await {
        return ended;
    }
    group.stop(limits.grace).await?;
    Ok(Ended::TimedOut(limits.run))
}

fn read_report(path: &Path) -> Option<Report> {
    let mut text = Vec::new();
    File::open(path).ok()?.take(MAX_REPORT).read_to_end(&mut text).ok()?;
    Report::parse(&text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::runner::{
        Package,
        compile::{Built, compile},
        fixture::Fixture,
    };

    /// Builds and runs an exercise whose `app` has this body.
    async fn run_app(body: &str) -> Run {
        let fixture = Fixture::new(&format!("pub fn app() -> bool {{ {body} }}"));
        run_fixture(&fixture, Scenarios::All).await
    }

    async fn run_fixture(fixture: &Fixture, scenarios: Scenarios<'_>) -> Run {
        let built = compile(&fixture.workshop, Package::Exercises, "first", &|_| {}).await;
        let Ok(Built::Ready(binary)) = built else { panic!("{built:?}") };
        run(&fixture.workshop, &binary, "first", scenarios, &|_| ()).await.unwrap()
    }

    #[tokio::test]
    async fn reports_what_passed_and_what_failed() {
        let passed = run_app("true").await;
        assert_eq!((passed.verdict, passed.message), (Verdict::Passed, None));
        let failed = run_app("false").await;
        assert_eq!(failed.verdict, Verdict::Failed);
        assert_eq!(failed.scenarios[0].explanation, "because");
    }

    #[tokio::test]
    async fn one_scenario_file_is_handed_on() {
        let fixture = Fixture::new("pub fn app() -> bool { true }");
        let run = run_fixture(&fixture, Scenarios::Only(Path::new("mine.toml"))).await;
        assert_eq!(run.scenarios[0].name, "mine.toml");
    }

    #[tokio::test]
    async fn an_endless_loop_is_stopped_and_what_it_printed_kept() {
        let mut fixture = Fixture::new("pub fn app() -> bool { println!(\"here\"); loop {} }");
        fixture.workshop.limits.run = Duration::from_millis(500);
        let run = run_fixture(&fixture, Scenarios::All).await;
        assert_eq!(run.verdict, Verdict::TimedOut);
        assert_eq!(run.output, "here\n");
        let message = run.message.unwrap();
        assert!(message.contains("as far as step 1 (connect ann) of the scenario \"The only one\""), "{message}");
    }

    #[tokio::test]
    async fn a_print_flood_stays_bounded_and_is_stopped() {
        let mut fixture = Fixture::new("pub fn app() -> bool { loop { println!(\"{:080}\", 7) } }");
        fixture.workshop.limits.run = Duration::from_millis(500);
        let run = run_fixture(&fixture, Scenarios::All).await;
        assert_eq!(run.verdict, Verdict::TimedOut);
        assert!(run.output.len() < 100 * 1024, "{}", run.output.len());
        assert!(run.output.contains("bytes left out"));
    }

    #[tokio::test]
    async fn reading_from_standard_input_finds_its_end() {
        let run = run_app("let mut line = String::new(); std::io::stdin().read_line(&mut line).unwrap() == 0").await;
        assert_eq!(run.verdict, Verdict::Passed);
    }

    #[tokio::test]
    async fn leaving_early_and_panicking_are_told_apart() {
        assert_eq!(run_app("std::process::exit(0)").await.verdict, Verdict::ExitedEarly);
        let panicked = run_app("panic!(\"the reason\")").await;
        assert_eq!(panicked.verdict, Verdict::Crashed);
        assert!(panicked.message.unwrap().contains("the reason"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn crashes_name_their_signal() {
        let aborted = run_app("std::process::abort()").await;
        assert_eq!(aborted.verdict, Verdict::Crashed);
        assert!(aborted.message.unwrap().contains("SIGABRT"));
        let overflow = "fn deeper(n: u64) -> u64 { std::hint::black_box(deeper(n + 1) + n) } deeper(0) == 1";
        let overflowed = run_app(overflow).await;
        assert_eq!(overflowed.verdict, Verdict::Crashed);
        assert!(overflowed.message.unwrap().contains("stack overflowed"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn more_memory_than_there_is_has_its_own_verdict() {
        let run = run_app("let all = vec![1_u8; isize::MAX as usize / 2]; all.len() == 1").await;
        assert_eq!(run.verdict, Verdict::OutOfMemory);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_child_that_holds_the_pipe_in_its_own_session_does_not_hold_the_verdict() {
        let body = "std::process::Command::new(\"setsid\").args([\"sleep\", \"20\"]).spawn().is_ok()";
        let started = std::time::Instant::now();
        let run = run_app(body).await;
        assert_eq!(run.verdict, Verdict::Passed);
        assert!(started.elapsed() < Duration::from_secs(3), "waited for the pipe");
    }
}
