//! From an exercise's text to its verdict: build, run, and see that the text is still the same.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Instant,
};

use scenario::report::{ScenarioReport, Verdict};
use serde::Serialize;

use super::{
    BuildError, Location, OnProgress, Package, Workshop,
    compile::{Built, compile},
    diagnostics::CompileErrors,
    run::{Run, Scenarios, run},
};

const STALE: &str =
    "The file changed while it was being checked, so this verdict would be for its old text.\nCheck again.";

/// How often a check begins again because another cargo replaced the library that the exercise links, between the build and
/// the run.
const RELOADS: u32 = 3;

/// The verdict on one text of one exercise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// The exercise.
    pub id: String,
    /// How the check ended.
    pub verdict: Verdict,
    /// How long building and running took.
    pub seconds: f64,
    /// Each scenario that ran to its end; not all of them where a message says why.
    pub scenarios: Vec<ScenarioReport>,
    /// The compile errors, or what happened when the scenarios do not say it themselves.
    pub message: Option<String>,
    /// The place to open in an editor.
    pub location: Option<Location>,
    /// What the program printed.
    #[serde(skip)]
    pub output: String,
    /// The code that was checked.
    #[serde(skip)]
    pub code: String,
}

/// Why a check has no verdict.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The exercise's file cannot be read.
    #[error("cannot read {}: {source}\n`rtws reset` puts the starter back.", path.display())]
    Source {
        /// The exercise's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no test binary to run.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The test binary could not be run.
    #[error("the exercise was built, but could not be run: {0}\nSee that the disk is not full, and check again.")]
    Run(io::Error),
}

/// Checks `exercise` against all its scenarios. Dropping the future ends every process of the check.
pub async fn check(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    check_against(workshop, package, exercise, Scenarios::All, on_progress).await
}

/// Checks `exercise` against one scenario file alone, such as an assertion of the learner's own.
pub async fn check_scenario(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    scenario: &Path,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    check_against(workshop, package, exercise, Scenarios::Only(scenario), on_progress).await
}

async fn check_against(
    workshop: &Workshop,
    package: Package,
    exercise: &str,
    scenarios: Scenarios<'_>,
    on_progress: OnProgress<'_>,
) -> Result<CheckReport, CheckError> {
    let started = Instant::now();
    let path = workshop.source(package, exercise);
    let code = read_code(package, &path)?;
    let is_stale = || !read_code(package, &path).is_ok_and(|now| now == code);

    let mut finding = Finding::of(workshop, package, exercise, scenarios, on_progress, is_stale).await?;
    for _ in 0..RELOADS {
        if finding.run.is_loaded {
            break;
        }
        finding = Finding::of(workshop, package, exercise, scenarios, on_progress, is_stale).await?;
    }
    if is_stale() {
        finding = Finding::stale();
    }
    let Finding { run, location } = finding;
    Ok(CheckReport {
        id: exercise.to_owned(),
        verdict: run.verdict,
        seconds: started.elapsed().as_secs_f64(),
        scenarios: run.scenarios,
        message: run.message,
        location,
        output: run.output,
        code: String::from_utf8_lossy(&code).into_owned(),
    })
}

/// A solution may lie elsewhere: the worked example's is the source that its lesson shows.
fn read_code(package: Package, path: &Path) -> Result<Vec<u8>, CheckError> {
    match fs::read(path) {
        Err(error) if package == Package::Solutions && error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        result => result.map_err(|source| CheckError::Source { path: path.to_owned(), source }),
    }
}

/// A run, or what stands for one where there was none.
struct Finding {
    run: Run,
    location: Option<Location>,
}

impl Finding {
    /// Builds and runs, once.
    async fn of(
        workshop: &Workshop,
        package: Package,
        exercise: &str,
        scenarios: Scenarios<'_>,
        on_progress: OnProgress<'_>,
        is_stale: impl Fn() -> bool,
    ) -> Result<Self, CheckError> {
        match compile(workshop, package, exercise, on_progress).await {
            Ok(Built::Broken(errors)) => Ok(Self::from(errors)),
            Ok(Built::Ready(_)) if is_stale() => Ok(Self::stale()),
            Ok(Built::Ready(binary)) => {
                let run = run(workshop, &binary, exercise, scenarios, on_progress).await;
                run.map(Self::from).map_err(CheckError::Run)
            }
            Err(error) => Ok(Self::endless_build(package, error)?),
        }
    }

    fn without_run(verdict: Verdict, message: String, location: Option<Location>) -> Self {
        let run =
            Run { verdict, scenarios: Vec::new(), message: Some(message), output: String::new(), is_loaded: true };
        Self { run, location }
    }

    fn stale() -> Self {
        Self::without_run(Verdict::Stale, STALE.to_owned(), None)
    }

    /// A build that is stuck in the learner's own crate is a verdict on the learner's code.
    fn endless_build(package: Package, error: BuildError) -> Result<Self, BuildError> {
        match &error {
            BuildError::TimedOut { name, .. } if name == package.name() => {
                let message = "The compiler did not come to an end with this code, and was stopped.\n\
                     Look for a constant or a type that is defined by itself.";
                Ok(Self::without_run(Verdict::TimedOut, message.to_owned(), None))
            }
            _ => Err(error),
        }
    }
}

impl From<CompileErrors> for Finding {
    fn from(errors: CompileErrors) -> Self {
        Self::without_run(Verdict::CompileError, errors.text, errors.location)
    }
}

impl From<Run> for Finding {
    fn from(run: Run) -> Self {
        Self { run, location: None }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{io::AsyncReadExt as _, net::TcpListener, time::timeout};

    use super::*;
    use crate::runner::Progress;
    use crate::runner::fixture::Fixture;

    async fn check_first(fixture: &Fixture) -> Result<CheckReport, CheckError> {
        check(&fixture.workshop, Package::Exercises, "first", &|_| {}).await
    }

    #[tokio::test]
    async fn edit_and_check_until_it_passes() {
        let fixture = Fixture::new("pub fn app() -> bool { 7 }");
        let report = check_first(&fixture).await.unwrap();
        assert_eq!(report.verdict, Verdict::CompileError);
        assert_eq!(report.location.unwrap().line, 1);
        assert!(report.message.unwrap().contains("mismatched types"));

        fixture.write("exercises/src/first.rs", "pub fn app() -> bool { false }");
        let report = check_first(&fixture).await.unwrap();
        assert_eq!((report.verdict, report.message, report.location), (Verdict::Failed, None, None));

        fixture.write("exercises/src/first.rs", "pub fn app() -> bool { true }");
        let report = check_first(&fixture).await.unwrap();
        assert_eq!(report.verdict, Verdict::Passed);
        assert_eq!(report.code, "pub fn app() -> bool { true }");
    }

    #[tokio::test]
    async fn a_save_during_the_check_makes_the_verdict_stale() {
        let fixture = Fixture::new("pub fn app() -> bool { true }");
        let path = fixture.workshop.source(Package::Exercises, "first");
        let save = |progress| {
            if progress == Progress::Running {
                fs::write(&path, "pub fn app() -> bool { false }").unwrap();
            }
        };
        let report = check(&fixture.workshop, Package::Exercises, "first", &save).await.unwrap();
        assert_eq!(report.verdict, Verdict::Stale);
        assert!(report.scenarios.is_empty());
    }

    #[tokio::test]
    async fn a_missing_file_says_how_to_get_it_back() {
        let fixture = Fixture::new("");
        fs::remove_file(fixture.workshop.source(Package::Exercises, "first")).unwrap();
        let error = check_first(&fixture).await.unwrap_err();
        assert!(error.to_string().contains("rtws reset"), "{error}");
    }

    #[tokio::test]
    async fn the_learners_own_scenario_is_the_only_one() {
        let fixture = Fixture::new("pub fn app() -> bool { false }");
        let file = fixture.write("mine.toml", "");
        let report = check_scenario(&fixture.workshop, Package::Exercises, "first", &file, &|_| {}).await;
        let report = report.unwrap();
        assert_eq!(report.verdict, Verdict::Failed);
        assert_eq!(report.scenarios[0].name, file.to_string_lossy());
    }

    #[tokio::test]
    async fn an_endless_build_of_the_exercise_is_a_verdict() {
        let mut fixture = Fixture::new("pub fn app() -> bool { true }");
        fixture.write("exercises/build.rs", "fn main() { std::thread::sleep(std::time::Duration::from_secs(600)) }");
        fixture.workshop.limits.exercises = Duration::from_secs(2);
        let report = check_first(&fixture).await.unwrap();
        assert_eq!(report.verdict, Verdict::TimedOut);
    }

    #[tokio::test]
    async fn dropping_a_check_ends_its_processes() {
        // The connection of the learner's program is open for as long as the program lives.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let code = format!(
            "pub fn app() -> bool {{ let _open = std::net::TcpStream::connect({address:?}); loop {{ std::thread::park() }} }}"
        );
        let fixture = Fixture::new(&code);
        let mut connection = tokio::select! {
            report = check_first(&fixture) => panic!("{report:?}"),
            accepted = listener.accept() => accepted.unwrap().0,
        };
        let closed = timeout(Duration::from_secs(10), connection.read(&mut [0; 1])).await;
        assert!(matches!(closed.expect("the program still runs"), Ok(0) | Err(_)));
    }
}
